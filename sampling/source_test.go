package sampling_test

import (
	"fmt"
	"testing"

	"hailong/sampling"
)

func TestAnEventIsNamedInWordsWithTheCountrysDates(t *testing.T) {
	for source, want := range map[sampling.Source]string{
		"drand:quicknet:4242":                      "draw.event_drand [{chain quicknet} {round 4242}]",
		"lottery:XSMB:2026-12-31":                  "draw.event_lottery [{name XSMB} {when 31/12/2026}]",
		"lottery:XSMB:giao thừa":                   "draw.event_lottery [{name XSMB} {when giao thừa}]",
		"dice:UBND tỉnh:2026-09-20T02:00:00Z":      "draw.event_dice [{place UBND tỉnh} {when 09:00 20/09/2026}]",
		"dice:UBND tỉnh:2026-09-20T09:00:00+07:00": "draw.event_dice [{place UBND tỉnh} {when 09:00 20/09/2026}]",
		"dice:UBND tỉnh:sáng thứ Hai":              "draw.event_dice [{place UBND tỉnh} {when sáng thứ Hai}]",
		"coin:UBND tỉnh":                           "draw.event_other [{source coin:UBND tỉnh}]",
	} {
		if p := source.Event(); fmt.Sprint(p.Code, " ", p.Args) != want {
			t.Errorf("%s: %s %v, want %s", source, p.Code, p.Args, want)
		}
	}
}

package survey_test

import (
	"bytes"
	"testing"

	"hailong/survey"
)

// Whoever rotates the signing key writes a new one before the old ones; under an
// identifier that another has, ballots signed with the other would count as forged.
func TestKeysAreWholeAndToldApart(t *testing.T) {
	secret := bytes.Repeat([]byte{7}, 32)
	for name, c := range map[string]struct {
		keys survey.Keys
		good bool
	}{
		"two keys":                 {survey.Keys{Master: secret, Signing: []survey.SigningKey{{ID: "2", Secret: secret}, {ID: "1", Secret: secret}}}, true},
		"one identifier":           {survey.Keys{Master: secret, Signing: []survey.SigningKey{{ID: "1", Secret: secret}, {ID: "1", Secret: secret}}}, false},
		"no signing key":           {survey.Keys{Master: secret}, false},
		"a short master key":       {survey.Keys{Master: secret[:16], Signing: []survey.SigningKey{{ID: "1", Secret: secret}}}, false},
		"a short signing key":      {survey.Keys{Master: secret, Signing: []survey.SigningKey{{ID: "1", Secret: secret[:31]}}}, false},
		"a point in an identifier": {survey.Keys{Master: secret, Signing: []survey.SigningKey{{ID: "1.2", Secret: secret}}}, false},
	} {
		if err := c.keys.Validate(); (err == nil) != c.good {
			t.Errorf("%s: %v", name, err)
		}
	}
}

package main

import (
	"net/http"
	"testing"
)

// BenchmarkPagesOfTheDemoRound is one request of each page through the whole
// server, store and all. The page of the index is to stay below 100 ms.
func BenchmarkPagesOfTheDemoRound(b *testing.B) {
	d := newDemoSite(b)
	d.signIn()
	for name, page := range map[string]string{
		"overview": "", "draws": "/draws", "lists": "/lists", "answers": "/answers", "editions": "/editions", "index": "/editions/1",
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if status, body, _ := d.send(http.MethodGet, "/console/rounds/"+string(demoRound)+page, nil); status != http.StatusOK {
					b.Fatalf("%s: %d %.300s", page, status, body)
				}
			}
		})
	}
}

// Package sampling draws probability samples that anyone can check.
//
// A Frame (the list that is drawn from) and a Plan (how it is drawn, one stage)
// are fixed by a Commitment before a public random event; Draw turns frame,
// plan and the event's published value into a Sample and a Receipt; Verify
// repeats the draw and names the first difference. A further stage is a new
// frame and plan that names the receipt of its parent.
//
// Nothing here reads a clock, a file or a source of randomness: the same
// arguments give the same bytes on every machine. All selection runs on
// integers; floating point only prints probabilities and weights. docs/draw.md
// specifies every step so that a second verifier can be written from it.
//
// Errors are fault.Error values of kind Invalid or Unreadable whose codes begin
// with "frame.", "plan." or "draw." and whose places name row (the header is row
// 1) and column.
package sampling

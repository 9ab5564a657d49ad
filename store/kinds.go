package store

// Kind names one kind of thing that is kept: a table of the embedded engine, a
// collection of MongoDB. The names are in the data of every installation, so a
// kind is never renamed.
type Kind string

// The kinds. Adding one here is all it takes: an engine creates what is missing
// when it opens.
const (
	Schema         Kind = "schema"         // the number of the data's shape, one document
	Audits         Kind = "audits"         // who changed what, in the order of their ids
	Blobs          Kind = "blobs"          // heads of files, keyed by content digest
	Chunks         Kind = "chunks"         // the bytes of blobs, keyed by digest and position
	Units          Kind = "units"          // administrative units
	Questionnaires Kind = "questionnaires" // published questionnaires by id and version
	Rounds         Kind = "rounds"         // survey rounds
	Responses      Kind = "responses"      // answers, keyed by ballot id
	Sessions       Kind = "sessions"       // signed-in browsers; they expire
)

// Kinds is the closed list of all kinds.
var Kinds = []Kind{Schema, Audits, Blobs, Chunks, Units, Questionnaires, Rounds, Responses, Sessions}

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
	Chunks         Kind = "chunks"         // the bytes of blobs, keyed by upload and position
	Units          Kind = "units"          // administrative units by code
	Successions    Kind = "successions"    // old units to new ones, "old/new"
	Questionnaires Kind = "questionnaires" // published questionnaires by id and version
	Rounds         Kind = "rounds"         // survey rounds
	Counters       Kind = "counters"       // counters by the code in their address
	Draws          Kind = "draws"          // attempts at draws, "round/stage/attempt"
	Lists          Kind = "lists"          // heads of village lists, "round/village/number"
	People         Kind = "people"         // the named people of a list, by the same id
	Doubles        Kind = "doubles"        // verdicts on entries that may be one person, "round/pair"
	Censuses       Kind = "censuses"       // figures that a round's lists are compared with, by round
	Passes         Kind = "passes"         // what tokens lead to, keyed by the token's hash
	Batches        Kind = "batches"        // productions of slips, "round/village/number"
	Contacts       Kind = "contacts"       // attempts to reach drawn people, "round/village/person/number"
	Replacements   Kind = "replacements"   // by reserves, "round/village/number of the reserve"
	Rechecks       Kind = "rechecks"       // draws of sheets to re-check, "round/attempt"
	RecheckResults Kind = "recheckresults" // "round/attempt/pseudonym/number"
	Responses      Kind = "responses"      // answers, keyed by ballot id
	Editions       Kind = "editions"       // published results, "round/number"
	Users          Kind = "users"          // by name
	Sessions       Kind = "sessions"       // signed-in browsers, by hash; they expire
	Links          Kind = "links"          // one-time sign-in links, by hash; they expire
)

// Kinds is the closed list of all kinds.
var Kinds = []Kind{
	Schema, Audits, Blobs, Chunks, Units, Successions, Questionnaires, Rounds, Counters, Draws, Lists, People, Doubles, Censuses,
	Passes, Batches, Contacts, Replacements, Rechecks, RecheckResults, Responses, Editions, Users, Sessions, Links,
}

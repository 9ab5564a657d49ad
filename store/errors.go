package store

import "hailong/fault"

// The faults that every engine reports alike. None names an id.

// NotFound says that there is no such document.
func NotFound(kind Kind) error {
	return fault.New(fault.NotFound, "store.not_found", "kind", string(kind))
}

// Exists says that an id to insert is taken.
func Exists(kind Kind) error { return fault.New(fault.Conflict, "store.exists", "kind", string(kind)) }

// Changed says that a document is not at the revision its writer had read.
func Changed(kind Kind) error {
	return fault.New(fault.Conflict, "store.changed", "kind", string(kind))
}

// Away says that the database does not answer.
func Away(cause error) error { return fault.Wrap(cause, fault.Unavailable, "store.away") }

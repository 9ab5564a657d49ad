package account

import (
	"slices"
	"time"
)

// DeviceID is the hash of the secret in a browser's device cookie.
type DeviceID string

// DeviceOf returns the identifier of the device that holds the secret.
func DeviceOf(s Secret) DeviceID { return DeviceID(s.hash("device")) }

// Device is a browser on which the user has signed in before. Guesses made
// elsewhere do not slow it (see Throttle).
type Device struct {
	ID     DeviceID  `json:"id"`
	SeenAt time.Time `json:"seen_at"`
}

const maxDevices = 8

// Knows reports whether the user has signed in from the device before.
func (u User) Knows(id DeviceID) bool {
	return slices.ContainsFunc(u.Devices, func(d Device) bool { return d.ID == id })
}

// SignedIn returns the user with the sign-in noted: its time, and the device
// as the latest of the few that are remembered.
func (u User) SignedIn(id DeviceID, at time.Time) User {
	devices := []Device{{id, at}}
	for _, d := range u.Devices {
		if d.ID != id && len(devices) < maxDevices {
			devices = append(devices, d)
		}
	}
	u.Devices, u.LastSignIn = devices, at
	return u
}

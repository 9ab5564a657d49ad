// Package guard keeps strangers from costing much: look-ups that are shared and
// remembered for a short life, and token buckets, both in memory only and
// bounded.
package guard

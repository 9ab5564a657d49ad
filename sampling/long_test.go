//go:build long

package sampling_test

func init() { frequencyDraws = 400_000 }

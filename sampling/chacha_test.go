package sampling_test

import (
	"encoding/binary"
	"math/bits"
	"math/rand/v2"
	"testing"
)

// chacha8rand is the generator of C2SP chacha8rand written out plainly: blocks
// of ChaCha with 8 rounds under the key, counters 0 to 15, without the final
// addition of constants and counter, four blocks interlaced word by word; the
// last 32 of 1,024 bytes are the next key.
type chacha8rand struct {
	key  [32]byte
	left []byte
}

func (c *chacha8rand) next() uint64 {
	if len(c.left) == 0 {
		c.refill()
	}
	v := binary.LittleEndian.Uint64(c.left)
	c.left = c.left[8:]
	return v
}

func (c *chacha8rand) refill() {
	var out []byte
	for group := uint32(0); group < 16; group += 4 {
		var blocks [4][16]uint32
		for i := range blocks {
			blocks[i] = chacha8Block(c.key, group+uint32(i))
		}
		for word := range 16 {
			for i := range blocks {
				out = binary.LittleEndian.AppendUint32(out, blocks[i][word])
			}
		}
	}
	c.left = out[:992]
	copy(c.key[:], out[992:])
}

func chacha8Block(key [32]byte, counter uint32) [16]uint32 {
	x := [16]uint32{0x61707865, 0x3320646e, 0x79622d32, 0x6b206574}
	for i := range 8 {
		x[4+i] = binary.LittleEndian.Uint32(key[4*i:])
	}
	x[12] = counter
	start := x
	quarter := func(a, b, c, d int) {
		x[a] += x[b]
		x[d] = bits.RotateLeft32(x[d]^x[a], 16)
		x[c] += x[d]
		x[b] = bits.RotateLeft32(x[b]^x[c], 12)
		x[a] += x[b]
		x[d] = bits.RotateLeft32(x[d]^x[a], 8)
		x[c] += x[d]
		x[b] = bits.RotateLeft32(x[b]^x[c], 7)
	}
	for range 4 {
		quarter(0, 4, 8, 12)
		quarter(1, 5, 9, 13)
		quarter(2, 6, 10, 14)
		quarter(3, 7, 11, 15)
		quarter(0, 5, 10, 15)
		quarter(1, 6, 11, 12)
		quarter(2, 7, 8, 13)
		quarter(3, 4, 9, 14)
	}
	for i := 4; i < 12; i++ { // only the key is added back
		x[i] += start[i]
	}
	return x
}

// The specification of the generator is enough to write it again.
func TestTheGeneratorIsTheSpecifiedOne(t *testing.T) {
	for k := range byte(20) {
		key := [32]byte{k, 1, 2, 250, 31: k}
		std, plain := rand.NewChaCha8(key), chacha8rand{key: key}
		for i := range 500 {
			if a, b := std.Uint64(), plain.next(); a != b {
				t.Fatalf("key %d, output %d: %x and %x", k, i, a, b)
			}
		}
	}
}

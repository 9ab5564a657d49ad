package page

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"hash/crc32"

	"github.com/gofiber/fiber/v2"

	"hailong/fault"
)

// holeMark encloses the number of a hole; it is a character of no script.
const holeMark = "\uE000"

// Hole is what to put into a page where a [Skeleton] shall be filled later.
func Hole(i int) string { return fmt.Sprintf("%s%d%s", holeMark, i, holeMark) }

// Skeleton is a page rendered and compressed once, with holes that are filled
// for every reader: the ballot, above all. Filling costs microseconds where
// rendering and compressing cost milliseconds.
//
// A compressed page is a row of independent deflate blocks; what fills a hole
// goes between two of them as a stored block (RFC 1951 §3.2.4).
type Skeleton struct {
	parts  [][]byte // HTML between the holes
	zipped [][]byte // the same, each compressed by itself
	length int
}

// NewSkeleton cuts rendered HTML at its holes, which must be numbered in their
// order from 0 to holes-1.
func NewSkeleton(html []byte, holes int) (*Skeleton, error) {
	s := &Skeleton{}
	rest := html
	for i := range holes {
		before, after, found := bytes.Cut(rest, []byte(Hole(i)))
		if !found {
			return nil, fault.New(fault.Internal, "http.page", "page", fmt.Sprintf("hole %d", i))
		}
		s.add(before, false)
		rest = after
	}
	s.add(rest, true)
	return s, nil
}

// add appends a part and its compressed form, which ends at a byte's edge.
func (s *Skeleton) add(part []byte, last bool) {
	var zipped bytes.Buffer
	w, err := flate.NewWriter(&zipped, flate.BestCompression)
	if err != nil {
		panic(err) // the level is a constant
	}
	end := w.Flush
	if last {
		end = w.Close
	}
	if _, err := w.Write(part); err != nil {
		panic(err) // a buffer takes everything
	}
	if err := end(); err != nil {
		panic(err)
	}
	s.parts = append(s.parts, bytes.Clone(part))
	s.zipped = append(s.zipped, zipped.Bytes())
	s.length += len(part)
}

// HTML returns the page with its holes filled by HTML that is already escaped.
func (s *Skeleton) HTML(fills ...string) []byte {
	size := s.length
	for _, fill := range fills {
		size += len(fill)
	}
	out := make([]byte, 0, size)
	for i, part := range s.parts {
		out = append(out, part...)
		if i < len(s.parts)-1 {
			out = append(out, fills[i]...)
		}
	}
	return out
}

// gzipHeader is ten bytes: magic, deflate, no flags, no time, best, unknown
// system (RFC 1952).
var gzipHeader = []byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255}

// Gzip returns the same page compressed.
func (s *Skeleton) Gzip(fills ...string) []byte {
	size := len(gzipHeader) + 8
	for i, zipped := range s.zipped {
		size += len(zipped)
		if i < len(fills) {
			size += len(fills[i]) + 5
		}
	}
	out := append(make([]byte, 0, size), gzipHeader...)
	sum, length := uint32(0), uint32(0)
	for i, zipped := range s.zipped {
		out = append(out, zipped...)
		sum = crc32.Update(sum, crc32.IEEETable, s.parts[i])
		length += uint32(len(s.parts[i]))
		if i == len(s.zipped)-1 {
			break
		}
		fill := fills[i]
		out = append(out, 0) // not the last block, stored
		out = binary.LittleEndian.AppendUint16(out, uint16(len(fill)))
		out = binary.LittleEndian.AppendUint16(out, ^uint16(len(fill)))
		out = append(out, fill...)
		sum = crc32.Update(sum, crc32.IEEETable, []byte(fill))
		length += uint32(len(fill))
	}
	out = binary.LittleEndian.AppendUint32(out, sum)
	return binary.LittleEndian.AppendUint32(out, length)
}

// Send answers with the filled page. A fill longer than a stored block makes
// the page go out uncompressed.
func (s *Skeleton) Send(c *fiber.Ctx, fills ...string) error {
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	c.Vary(fiber.HeaderAcceptEncoding)
	if !takesGzip(c) || tooLong(fills) {
		return c.Send(s.HTML(fills...))
	}
	c.Set(fiber.HeaderContentEncoding, "gzip")
	return c.Send(s.Gzip(fills...))
}

func tooLong(fills []string) bool {
	for _, fill := range fills {
		if len(fill) > 1<<16-1 {
			return true
		}
	}
	return false
}

package export

import (
	"os"
	"path/filepath"
	"testing"
	"unicode"

	"codeberg.org/go-pdf/fpdf"
	"github.com/go-fonts/liberation/liberationmonobold"
	"github.com/go-fonts/liberation/liberationsansbold"
	"github.com/go-fonts/liberation/liberationsansregular"
)

// vietnamese is every letter of the alphabet with every mark, precomposed.
const vietnamese = "AĂÂBCDĐEÊGHIKLMNOÔƠPQRSTUƯVXY" +
	"ÀẢÃÁẠẰẲẴẮẶẦẨẪẤẬÈẺẼÉẸỀỂỄẾỆÌỈĨÍỊÒỎÕÓỌỒỔỖỐỘỜỞỠỚỢÙỦŨÚỤỪỬỮỨỰỲỶỸÝỴ" +
	"aăâbcdđeêghiklmnoôơpqrstuưvxy" +
	"àảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ" +
	"“”‘’–—…•−≤≥□₫"

func TestTypefacesHaveEveryPrintableCharacter(t *testing.T) {
	for name, ttf := range map[string][]byte{"sans": liberationsansregular.TTF, "sans bold": liberationsansbold.TTF,
		"mono bold": liberationmonobold.TTF} {
		file := filepath.Join(t.TempDir(), "font.ttf")
		if err := os.WriteFile(file, ttf, 0o600); err != nil {
			t.Fatal(err)
		}
		font, err := fpdf.TtfParse(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, span := range printable.R16 {
			for r := uint32(span.Lo); r <= uint32(span.Hi); r += uint32(span.Stride) {
				if font.Chars[uint16(r)] == 0 {
					t.Errorf("%s lacks %q U+%04X", name, rune(r), r)
				}
			}
		}
	}
	for _, r := range vietnamese {
		if !unicode.Is(printable, r) {
			t.Errorf("%q is not among the printable characters", r)
		}
	}
}

func TestWhatTheTypefacesLackBecomesABox(t *testing.T) {
	for given, want := range map[string]string{"Nguyễn\tVăn": "Nguyễn Văn", "阮 Lan": "□ Lan", "a\u0001b": "a b", "😀": "□"} {
		if got := drawable(given); got != want {
			t.Errorf("%q: %q, want %q", given, got, want)
		}
	}
}

package export

import (
	"encoding/csv"
	"io"
	"strconv"

	"hailong/sampling"
)

// namesColumns are those of NamesCSV.
var namesColumns = []string{"key", "salt", "unit", "name", "birth", "phone", "address", "file_number", "procedure", "field", "day", "transactions", "row"}

// NamesCSV writes who stands behind the rows of a frame of transactions: key and
// salt, person, file. It is for machines (no cell is guarded) and for its owner
// alone: with a salt anybody can tell whose line a row of the public frame is.
func NamesCSV(w io.Writer, applicants []sampling.Applicant) error {
	rows := [][]string{namesColumns}
	for _, a := range applicants {
		salt, err := a.Salt.MarshalText()
		if err != nil {
			return err
		}
		birth := string(a.BirthDate)
		if birth == "" && a.BirthYear > 0 {
			birth = strconv.Itoa(a.BirthYear)
		}
		rows = append(rows, []string{string(a.Key), string(salt), a.Unit, a.Name, birth, a.Phone, a.Address, a.FileNumber, a.Procedure, a.Field,
			string(a.Done), strconv.Itoa(a.Count), strconv.Itoa(a.Row)})
	}
	if err := csv.NewWriter(w).WriteAll(rows); err != nil {
		return unwritten(err)
	}
	return nil
}

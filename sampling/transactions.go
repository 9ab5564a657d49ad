package sampling

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"

	"hailong/fault"
	"hailong/territory"
)

// Transaction is one file of a one-stop office.
type Transaction struct {
	FileNumber string
	Procedure  string
	Field      string        // of the procedure: the stratum
	Unit       string        // the office, as the file names it
	Done       territory.Day // of the result; of the reception where a file knows no results
	Name       string        // of the applicant
	BirthYear  int           // 0 where unknown
	BirthDate  territory.Day
	Phone      string
	Address    string
	Row        int

	ties []string // what another transaction of the same person shares
}

// Applicant is a person with the transactions they had in the period. Drawn from
// a frame of applicants everybody has one chance, however often they came.
type Applicant struct {
	Transaction     // the one that stands for the person: its field and office are theirs
	Count       int // transactions in the period
	Key         PersonKey
	Salt        Salt
}

// Representative says which of a person's transactions stands for them.
type Representative string

// The rules. Both look at the transactions of the period only; of two on one
// day the one further down in the file is the later.
const (
	Latest Representative = "latest"
	First  Representative = "first"
)

// Applicants joins transactions into people, in the order of the transactions
// that stand for them. Two are one person's if their names agree (up to case,
// spacing, the place of the tone, i or y) and with them the number of the identity
// paper, the date of birth, the phone, or year of birth and address; and so are
// those that a third one ties.
func Applicants(transactions []Transaction, rule Representative) []Applicant {
	people := tied(transactions)
	byPerson := map[int]int{}
	var applicants []Applicant
	for i, t := range transactions {
		at, known := byPerson[people[i]]
		if !known {
			byPerson[people[i]] = len(applicants)
			applicants = append(applicants, Applicant{Transaction: t, Count: 1})
			continue
		}
		a := &applicants[at]
		a.Count++
		if later := t.Done >= a.Done; later == (rule != First) {
			a.Transaction = t
		}
	}
	slices.SortStableFunc(applicants, func(a, b Applicant) int { return cmp.Compare(a.Row, b.Row) })
	return applicants
}

// tied gives each transaction the number of its person: that of their first.
func tied(transactions []Transaction) []int {
	person, first := make([]int, len(transactions)), map[string]int{}
	root := func(i int) int {
		for person[i] != i {
			person[i] = person[person[i]]
			i = person[i]
		}
		return i
	}
	for i, t := range transactions {
		person[i] = i
		for _, tie := range t.ties {
			before, known := first[tie]
			if !known {
				first[tie] = i
				continue
			}
			a, b := root(before), root(i)
			person[max(a, b)] = min(a, b)
		}
	}
	for i := range person {
		person[i] = root(i)
	}
	return person
}

// Line is the canonical line that a seal vouches for: office, applicant, birth
// (empty where unknown), file number, day, field.
func (t Transaction) Line() PersonalLine {
	birth := string(t.BirthDate)
	if birth == "" && t.BirthYear > 0 {
		birth = strconv.Itoa(t.BirthYear)
	}
	return PersonalLineOf(t.Unit, t.Name, birth, t.FileNumber, string(t.Done), t.Field)
}

// SealApplicants gives everybody a salt from random and the key that follows
// from it, as List.Seal does.
func SealApplicants(applicants []Applicant, random io.Reader) error {
	for i := range applicants {
		a := &applicants[i]
		if _, err := io.ReadFull(random, a.Salt[:]); err != nil {
			return fault.Wrap(fmt.Errorf("salt of an applicant: %w", err), fault.Internal, "internal")
		}
		a.Key = a.Salt.key()
	}
	return nil
}

// applicantColumns are the columns of a public frame of people with a transaction.
var applicantColumns = []string{"key", "unit", "field", "order", "seal"}

// ApplicantFrame makes the public frame of sealed applicants: key, unit, field,
// order, seal. One row is one person, so nobody's chance depends on how many
// transactions they had.
func ApplicantFrame(applicants []Applicant) (Frame, error) {
	rows := make([][]string, len(applicants))
	for i, a := range applicants {
		rows[i] = []string{string(a.Key), a.Unit, a.Field, strconv.Itoa(i + 1), string(SealOf(a.Salt, a.Line()))}
	}
	return NewFrame(applicantColumns, rows)
}

// OfficeLists puts applicants whose units are codes on the lists of their offices,
// in the order of the codes, with nobody's salt or key yet.
func OfficeLists(applicants []Applicant) []List {
	var lists []List
	at := map[territory.Code]int{}
	for _, a := range applicants {
		office := territory.Code(a.Unit)
		i, known := at[office]
		if !known {
			i, at[office] = len(lists), len(lists)
			lists = append(lists, List{Village: office})
		}
		lists[i].People = append(lists[i].People, Person{
			Name: a.Name, BirthYear: a.BirthYear, BirthDate: a.BirthDate, Phone: a.Phone, Address: a.Address, Row: a.Row,
			Case: &Case{File: a.FileNumber, Procedure: a.Procedure, Field: a.Field, Done: a.Done, Count: a.Count},
		})
	}
	slices.SortFunc(lists, func(a, b List) int { return cmp.Compare(a.Village, b.Village) })
	return lists
}

// OfficeFrame makes the public frame of the people of sealed lists of offices, as
// ApplicantFrame does, office by office in the order given; order is the place on
// the office's list.
func OfficeFrame(lists []List) (Frame, error) {
	var rows [][]string
	for _, l := range lists {
		for i, p := range l.People {
			rows = append(rows, []string{string(p.Key), string(l.Village), p.Case.Field, strconv.Itoa(i + 1), string(SealOf(p.Salt, p.Line(l.Village)))})
		}
	}
	return NewFrame(applicantColumns, rows)
}

// EachTransaction makes an applicant of every transaction, for a frame of
// transactions: Count is how many of them the person has, and Persons numbers
// the people.
func EachTransaction(transactions []Transaction) (each []Applicant, persons []int) {
	people := tied(transactions)
	counts := map[int]int{}
	for _, p := range people {
		counts[p]++
	}
	numbers := map[int]int{}
	for i, t := range transactions {
		if numbers[people[i]] == 0 {
			numbers[people[i]] = len(numbers) + 1
		}
		persons = append(persons, numbers[people[i]])
		each = append(each, Applicant{Transaction: t, Count: counts[people[i]]})
	}
	return each, persons
}

// TransactionFrame makes the public frame of sealed transactions: key, unit,
// field, person, of_person, order, seal. Somebody with m transactions (of_person)
// has m chances; weight ÷ m, summed over the drawn transactions of a person, is
// their weight as a person (the multiplicity estimator: Sirken 1970; Lavallée
// 2007, Indirect Sampling).
func TransactionFrame(each []Applicant, persons []int) (Frame, error) {
	rows := make([][]string, len(each))
	for i, a := range each {
		rows[i] = []string{string(a.Key), a.Unit, a.Field, strconv.Itoa(persons[i]), strconv.Itoa(a.Count), strconv.Itoa(i + 1), string(SealOf(a.Salt, a.Line()))}
	}
	return NewFrame([]string{"key", "unit", "field", "person", "of_person", "order", "seal"}, rows)
}

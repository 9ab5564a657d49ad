package main

import (
	"fmt"
	"math/rand/v2"

	"hailong/sampling"
	"hailong/territory"
)

// Parts of Vietnamese names, the commoner more often, as a name register would
// have them.
var (
	demoFamilies    = []string{"Nguyễn", "Nguyễn", "Nguyễn", "Nguyễn", "Trần", "Trần", "Lê", "Lê", "Phạm", "Phạm", "Hoàng", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý", "Lò", "Vi", "Hà", "Đinh"}
	demoMiddleMen   = []string{"Văn", "Văn", "Văn", "Đức", "Hữu", "Minh", "Quang", "Công", "Xuân", "Thế"}
	demoMiddleWomen = []string{"Thị", "Thị", "Thị", "Thị", "Thu", "Ngọc", "Thanh", "Mai", "Hồng", "Kim"}
	demoGivenMen    = []string{"An", "Bình", "Cường", "Dũng", "Đạt", "Hải", "Hiếu", "Hòa", "Hùng", "Khánh", "Long", "Mạnh", "Nam", "Nghĩa", "Phong", "Phúc", "Quân", "Sơn", "Thắng", "Thành", "Tiến", "Toàn", "Trung", "Tuấn", "Việt", "Vinh"}
	demoGivenWomen  = []string{"Ánh", "Bích", "Chi", "Dung", "Duyên", "Giang", "Hà", "Hằng", "Hạnh", "Hiền", "Hoa", "Huệ", "Hương", "Lan", "Liên", "Loan", "Mai", "Nga", "Nhung", "Oanh", "Phượng", "Quyên", "Thảo", "Thủy", "Trang", "Tuyết", "Vân", "Xuân", "Yến"}
)

// demoList invents the adults of a village. No two share name, birth year and
// household.
func demoList(rng *rand.Rand, village territory.Unit, people, year int) sampling.List {
	list := sampling.List{Village: village.Code}
	seen := make(map[string]bool, people)
	for household := 1; len(list.People) < people; household++ {
		for range 1 + rng.IntN(3) {
			name, sex := demoPerson(rng)
			born := year - 18 - rng.IntN(68)
			key := fmt.Sprint(name, born, household)
			if seen[key] || len(list.People) == people {
				continue
			}
			seen[key] = true
			list.People = append(list.People, sampling.Person{
				Name: name, BirthYear: born, Sex: sex, Household: fmt.Sprintf("%03d", household),
				Address: fmt.Sprintf("Số %d, %s", household, village.FullName()), Row: len(list.People) + 2,
			})
		}
	}
	return list
}

func demoPerson(rng *rand.Rand) (name string, sex sampling.Sex) {
	family := pick(rng, demoFamilies)
	if rng.IntN(2) == 0 {
		return family + " " + pick(rng, demoMiddleMen) + " " + pick(rng, demoGivenMen), sampling.Male
	}
	return family + " " + pick(rng, demoMiddleWomen) + " " + pick(rng, demoGivenWomen), sampling.Female
}

func pick(rng *rand.Rand, from []string) string { return from[rng.IntN(len(from))] }

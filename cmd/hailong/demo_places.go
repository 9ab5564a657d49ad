package main

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"hailong/territory"
)

// The fictional province of the demo. Its code is used by no real province.
const (
	demoProvince = territory.Code("98")
	demoName     = "Sông Lam Hạ"
)

// demoCommune is one commune of the demo with the names of its villages.
type demoCommune struct {
	name     string
	kind     territory.Kind
	area     float64
	villages []string
}

// demoCommunes are twelve communes of three kinds with five villages each.
var demoCommunes = []demoCommune{
	{"Bến Ngự", "Phường", 9.4, []string{"Bến Ngự 1", "Bến Ngự 2", "Chợ Cũ", "Đầu Cầu", "Hàng Dừa"}},
	{"Cầu Mây", "Phường", 12.8, []string{"Cầu Mây Đông", "Cầu Mây Tây", "Ga Lẻ", "Xóm Lò", "Vườn Trầu"}},
	{"Đông Hồ Sen", "Phường", 15.1, []string{"Hồ Sen 1", "Hồ Sen 2", "Hồ Sen 3", "Giếng Chùa", "Bãi Gỗ"}},
	{"Nam Thành Cổ", "Phường", 7.9, []string{"Cửa Nam", "Cửa Hậu", "Thành Trong", "Thành Ngoài", "Hào Thành"}},
	{"An Phúc Lâm", "Xã", 46.3, []string{"Phúc Lâm Thượng", "Phúc Lâm Hạ", "Đồng Cói", "Trại Chè", "Gò Mối"}},
	{"Bình Sơn Trà", "Xã", 88.7, []string{"Sơn Trà 1", "Sơn Trà 2", "Khe Trong", "Khe Ngoài", "Đèo Lim"}},
	{"Hòa Thạch Bàn", "Xã", 61.5, []string{"Thạch Bàn", "Đá Dựng", "Ruộng Cả", "Xóm Mới", "Cây Đa"}},
	{"Lộc Điền Trung", "Xã", 39.2, []string{"Điền Đông", "Điền Tây", "Điền Nam", "Điền Bắc", "Trung Lộc"}},
	{"Mường Khương Thượng", "Xã", 132.6, []string{"Bản Nà Phai", "Bản Huổi Lội", "Bản Pa Cư", "Bản Tà Ngùm", "Bản Nậm Thuổng"}},
	{"Nghĩa Hưng Đoài", "Xã", 42.0, []string{"Hưng Nghĩa", "Đoài Trong", "Đoài Ngoài", "Lương Điền", "Phú Ốc"}},
	{"Quảng Yên Lạc", "Xã", 55.4, []string{"Yên Lạc 1", "Yên Lạc 2", "Cồn Cát", "Bãi Dâu", "Đò Chiều"}},
	{"Hòn Ngọc Vừng", "Đặc khu", 23.5, []string{"Bến Tàu", "Bãi Sau", "Xóm Chài", "Hòn Con", "Đèn Biển"}},
}

// demoUnits makes the units of the demo: the province, its communes with a
// plausible population, and their villages.
func demoUnits(rng *rand.Rand) []territory.Unit {
	units := []territory.Unit{{Code: demoProvince, Name: demoName, Level: territory.Province, Kind: "Tỉnh", Size: territory.SizePlausible}}
	for i, c := range demoCommunes {
		commune := territory.Unit{
			Code: territory.Code(fmt.Sprintf("980%02d", i+1)), Name: c.name, Level: territory.Commune, Kind: c.kind,
			Parent: demoProvince, AreaKm2: c.area, Size: territory.SizePlausible,
		}
		var villages []territory.Unit
		for j, name := range c.villages {
			village := territory.Unit{
				Code: territory.Code(fmt.Sprintf("%s-%02d", commune.Code, j+1)), Name: name, Level: territory.Village,
				Kind: villageKind(c.kind), Parent: commune.Code, Population: demoVillageSize(rng, c.kind), Size: territory.SizePlausible,
			}
			commune.Population += village.Population
			villages = append(villages, village)
		}
		units = append(append(units, commune), villages...)
	}
	units[0].Population = demoPopulation(units)
	return units
}

func villageKind(commune territory.Kind) territory.Kind {
	switch {
	case commune == "Phường":
		return "Tổ dân phố"
	case strings.HasPrefix(string(commune), "Đặc khu"):
		return "Khu"
	}
	return "Thôn"
}

func demoVillageSize(rng *rand.Rand, commune territory.Kind) int64 {
	switch commune {
	case "Phường":
		return 1800 + rng.Int64N(3200)
	case "Đặc khu":
		return 250 + rng.Int64N(500)
	}
	return 700 + rng.Int64N(1700)
}

func demoPopulation(units []territory.Unit) int64 {
	var sum int64
	for _, u := range units {
		if u.Level == territory.Commune {
			sum += u.Population
		}
	}
	return sum
}

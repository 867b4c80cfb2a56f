// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "mapping/name_set.h"

namespace socbridge::mapping {

// Up to eight paths, separated by blanks. `@x` means data.win.eventdata.x; a path may be followed
// by `=VALUE,VALUE`.
class FamilyPaths {
 public:
  // The object in which a path begins.
  enum class Start : unsigned char { root, data, eventdata };
  struct Place {
    std::uint16_t begin = 0, size = 0;  // in the text
    Start start = Start::root;
    std::uint8_t slot = 0;  // name_slot() of the path from its start
  };

  constexpr FamilyPaths(const char* text)  // NOLINT(google-explicit-constructor)
      : text_(text) {
    for (std::size_t at = 0; at < text_.size(); ++count_) {
      const std::size_t end = std::min(text_.find(' ', at), text_.size());
      places_[count_] = place_of(at, end - at);
      at = end + 1;
    }
  }

  std::span<const Place> places() const { return {places_.data(), count_}; }
  std::string_view text(const Place& place) const { return text_.substr(place.begin, place.size); }

 private:
  constexpr Place place_of(std::size_t begin, std::size_t size) const {
    constexpr std::string_view kData = "data.";
    Place place{static_cast<std::uint16_t>(begin), static_cast<std::uint16_t>(size)};
    std::string_view path = text_.substr(begin, size);
    path = path.substr(0, path.find('='));
    if (path.starts_with('@')) {
      place.start = Start::eventdata;
      path.remove_prefix(1);
    } else if (path.starts_with(kData)) {
      place.start = Start::data;
      path.remove_prefix(kData.size());
    }
    place.slot = name_slot(path);
    return place;
  }

  std::string_view text_;
  std::array<Place, 8> places_{};
  std::size_t count_ = 0;
};

// A row of a family's table: its value is that of the first path that has one.
struct FamilyField {
  std::string_view label;
  FamilyPaths paths;
};

// A kind of alert. It matches if a field of `marks` is present, with one of its values if it has
// some.
struct FamilyRow {
  std::string_view name;
  FamilyPaths marks;
  std::span<const FamilyField> fields;
};

// In the order in which they are matched.
std::span<const FamilyRow> family_rows();

}  // namespace socbridge::mapping

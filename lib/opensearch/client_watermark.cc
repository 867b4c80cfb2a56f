// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cmath>
#include <cstdlib>

#include "base/text.h"
#include "opensearch/client.h"

namespace socbridge::opensearch {
namespace {

struct Unit {
  std::string_view suffix;
  double bytes;
};
constexpr double kKilo = 1024.0;
// Longer units first, since the first match counts.
constexpr std::array<Unit, 11> kUnits = {{{"pb", kKilo* kKilo* kKilo* kKilo* kKilo},
                                          {"tb", kKilo* kKilo* kKilo* kKilo},
                                          {"gb", kKilo* kKilo* kKilo},
                                          {"mb", kKilo* kKilo},
                                          {"kb", kKilo},
                                          {"p", kKilo* kKilo* kKilo* kKilo* kKilo},
                                          {"t", kKilo* kKilo* kKilo* kKilo},
                                          {"g", kKilo* kKilo* kKilo},
                                          {"m", kKilo* kKilo},
                                          {"k", kKilo},
                                          {"b", 1.0}}};

std::optional<double> decimal(std::string_view text) {
  if (text.empty() || text.find_first_not_of("0123456789.") != std::string_view::npos) return {};
  const std::string copy(text);
  char* end = nullptr;
  const double value = std::strtod(copy.c_str(), &end);
  if (end != copy.c_str() + copy.size() || !std::isfinite(value)) return {};
  return value;
}

}  // namespace

bool Watermark::passed(const Disk& disk) const {
  if (free_bytes > 0) return disk.available_bytes < free_bytes;
  if (headroom > 0 && disk.available_bytes >= headroom) return false;
  return used_percent > 0 && disk.used_percent() >= used_percent;
}

std::optional<Watermark> parse_watermark(std::string_view text) {
  constexpr double kAll = 100.0;
  constexpr double kMost = 1e18;
  const std::string lower = ascii_lower(trim(text));
  const std::string_view given = lower;
  if (given.ends_with('%')) {
    const auto value = decimal(given.substr(0, given.size() - 1));
    if (!value || *value > kAll) return {};
    return Watermark{*value, 0, 0, std::string(text)};
  }
  for (const Unit& unit : kUnits) {
    if (!given.ends_with(unit.suffix)) continue;
    const auto value = decimal(trim(given.substr(0, given.size() - unit.suffix.size())));
    if (!value || *value * unit.bytes > kMost) return {};
    return Watermark{0, static_cast<std::uint64_t>(*value * unit.bytes), 0, std::string(text)};
  }
  const auto value = decimal(given);
  if (!value || *value > 1.0) return {};
  return Watermark{*value * kAll, 0, 0, std::string(text)};
}

}  // namespace socbridge::opensearch

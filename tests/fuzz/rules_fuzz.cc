// SPDX-License-Identifier: Apache-2.0
// A list of rules and an alert, one line each: faults have a place and are printable, and rules
// that are well-formed can be applied to every alert.
#include <cstdint>
#include <string>
#include <string_view>

#include "config/settings.h"
#include "mapping/mapping.h"
#include "rules/rule_set.h"
#include "scratch.h"
#include "wazuh/alert.h"

namespace {

using namespace socbridge;

void check_faults(const rules::Faults& faults) {
  for (const rules::Fault& fault : faults.list()) {
    fuzz::require(fault.pointer.starts_with("/rules"));
    for (const char c : rules::line_of(fault)) fuzz::require(static_cast<unsigned char>(c) >= 0x20);
  }
}

// Of the values of TheHive each is on its scale.
void check_effect(const rules::Effect& effect) {
  if (effect.severity) fuzz::require(effect.severity->value >= 1 && effect.severity->value <= 4);
  if (effect.tlp) fuzz::require(effect.tlp->value >= 0 && effect.tlp->value <= 4);
  if (effect.pap) fuzz::require(effect.pap->value >= 0 && effect.pap->value <= 3);
  if (effect.type) fuzz::require(!effect.type->value.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t line = text.find('\n');
  const std::string_view list = text.substr(0, line);
  const auto alert = wazuh::Alert::parse(line == std::string_view::npos ? std::string_view("{}")
                                                                        : text.substr(line + 1));
  json::ParseOptions options;
  options.max_depth = 128;
  const auto document = json::Document::parse(list, options);
  if (!document.ok() || !document->root().is_array() || !alert.ok()) return 0;
  rules::Faults faults("/rules");
  const rules::RuleSet set = rules::RuleSet::read(document->root(), faults);
  check_faults(faults);
  if (!faults.none()) return 0;
  check_effect(set.apply({*alert, "ref", 0, {}}));
  static_cast<void>(set.group_by(*alert));
  mapping::Options mapping;
  mapping.rules = set;
  const mapping::Mapped mapped = mapping::map(*alert, mapping, 0, true);
  const bool dropped = !set.dropped_by(*alert).empty();
  fuzz::require(!dropped || !mapped.forwarded);
  return 0;
}

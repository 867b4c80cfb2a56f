// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <string>

#include "base/text.h"
#include "soc-sandbox/server/faults.h"

namespace socbridge::sandbox {
namespace {

constexpr int kLowestStatus = 200, kHighestStatus = 599, kUnavailable = 503;
constexpr std::uint64_t kLongestMs = 86400000, kMostRequests = UINT64_MAX / 4;
constexpr std::int64_t kRacePauseMs = 20;

struct Item {
  std::string_view name, value;
  bool has_value = false;
};

bool number(const Item& item, std::uint64_t highest, std::uint64_t& out) {
  const auto value = parse_u64(item.value);
  if (!value || *value > highest) return false;
  out = *value;
  return true;
}

bool number(const Item& item, std::int64_t& out, std::uint64_t highest = kLongestMs) {
  std::uint64_t value = 0;
  if (!number(item, highest, value)) return false;
  out = static_cast<std::int64_t>(value);
  return true;
}

bool status(const Item& item, int& out) {
  std::uint64_t value = 0;
  if (!number(item, kHighestStatus, value) || value < kLowestStatus) return false;
  out = static_cast<int>(value);
  return true;
}

bool rate(const Item& item, double& out) {
  const auto [end, error] =
      std::from_chars(item.value.data(), item.value.data() + item.value.size(), out);
  return error == std::errc() && end == item.value.data() + item.value.size() && out >= 0 &&
         out <= 1;
}

bool end_with(Fault& fault, const Item& item, Fault::End end, bool skip) {
  fault.end = end;
  fault.skip = skip;
  return !item.has_value;
}

// Applies one word of a rule. False: its value is invalid.
using Apply = bool (*)(FaultRule&, const Item&);
struct Word {
  std::string_view name;
  Apply apply;
  bool is_action;
};

constexpr Word kWords[] = {
    {"status", [](FaultRule& r, const Item& i) { return status(i, r.fault.status); }, true},
    {"html",
     [](FaultRule& r, const Item& i) {
       r.fault.html = true;
       return status(i, r.fault.status);
     },
     true},
    {"error",
     [](FaultRule& r, const Item& i) {
       r.fault.error = i.value;
       return !i.value.empty();
     },
     true},
    {"retry-after", [](FaultRule& r, const Item& i) { return number(i, r.fault.retry_after); },
     true},
    {"delay", [](FaultRule& r, const Item& i) { return number(i, r.fault.before_ms); }, true},
    {"hang",
     [](FaultRule& r, const Item& i) { return end_with(r.fault, i, Fault::End::hang, true); },
     true},
    {"reset",
     [](FaultRule& r, const Item& i) { return end_with(r.fault, i, Fault::End::reset, true); },
     true},
    {"half",
     [](FaultRule& r, const Item& i) { return end_with(r.fault, i, Fault::End::half, false); },
     true},
    {"drip",
     [](FaultRule& r, const Item& i) { return number(i, r.fault.drip) && r.fault.drip > 0; }, true},
    {"commit-then-drop",
     [](FaultRule& r, const Item& i) { return end_with(r.fault, i, Fault::End::drop, false); },
     true},
    {"commit-then-hang",
     [](FaultRule& r, const Item& i) { return end_with(r.fault, i, Fault::End::hang, false); },
     true},
    {"commit-then-reset",
     [](FaultRule& r, const Item& i) { return end_with(r.fault, i, Fault::End::reset, false); },
     true},
    {"commit-then-delay", [](FaultRule& r, const Item& i) { return number(i, r.fault.after_ms); },
     true},
    {"dup-race",
     [](FaultRule& r, const Item& i) {
       r.fault.dup_race_ms = kRacePauseMs;
       return !i.has_value || (number(i, r.fault.dup_race_ms) && r.fault.dup_race_ms > 0);
     },
     true},
    {"query-lag", [](FaultRule& r, const Item& i) { return number(i, r.fault.query_lag_ms); },
     true},
    {"rate", [](FaultRule& r, const Item& i) { return rate(i, r.rate); }, false},
    {"first",
     [](FaultRule& r, const Item& i) { return number(i, kMostRequests, r.first) && r.first > 0; },
     false},
    {"after", [](FaultRule& r, const Item& i) { return number(i, kMostRequests, r.after); }, false},
    {"seed", [](FaultRule& r, const Item& i) { return number(i, UINT64_MAX, r.seed); }, false},
    {"path",
     [](FaultRule& r, const Item& i) {
       r.path = i.value;
       return i.value.starts_with("/");
     },
     false},
    {"method",
     [](FaultRule& r, const Item& i) {
       r.method = i.value;
       for (char& c : r.method) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
       return !r.method.empty();
     },
     false},
};

Status refuse(std::string_view rule, const std::string& why, std::string hint) {
  return Status::error(ExitCode::usage, "fault rule \"" + printable(rule) + "\": " + why,
                       std::move(hint));
}

const Word* find_word(std::string_view name) {
  for (const Word& word : kWords) {
    if (word.name == name) return &word;
  }
  return nullptr;
}

std::string suggestion(std::string_view name) {
  std::vector<std::string_view> names;
  for (const Word& word : kWords) names.push_back(word.name);
  const std::string_view near = nearest(name, names);
  return near.empty() ? "see socctl help sandbox for the known words"
                      : "did you mean " + std::string(near) + "?";
}

}  // namespace

Result<FaultRule> parse_fault(std::string_view text) {
  FaultRule rule;
  bool has_action = false;
  for (const std::string_view piece : split(text, ',')) {
    const std::string_view word_text = trim(piece);
    const std::size_t equals = word_text.find('=');
    Item item{word_text.substr(0, equals), {}, equals != std::string_view::npos};
    if (item.has_value) item.value = word_text.substr(equals + 1);
    const Word* word = find_word(item.name);
    if (word == nullptr) {
      return refuse(text, "unknown word \"" + printable(item.name, 40) + "\"",
                    suggestion(item.name));
    }
    if (!word->apply(rule, item)) {
      return refuse(text, std::string(word->name) + " has an invalid value",
                    "see socctl help sandbox for its values");
    }
    has_action = has_action || word->is_action;
  }
  if (!has_action) {
    return refuse(text, "has a condition, but no action",
                  "add an action such as status=503 or hang");
  }
  // Retry-After alone implies the status it belongs to.
  Fault& fault = rule.fault;
  if (fault.retry_after >= 0 && fault.status == 0) fault.status = kUnavailable;
  return rule;
}

}  // namespace socbridge::sandbox

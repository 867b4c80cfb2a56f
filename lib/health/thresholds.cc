// SPDX-License-Identifier: Apache-2.0
#include "health/thresholds.h"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <utility>

#include "base/joined.h"
#include "base/text.h"
#include "base/time.h"
#include "config/error_list.h"
#include "json/duplicate_keys.h"
#include "json/writer.h"

namespace socbridge::health {
namespace {

using Unit = Threshold::Unit;
using Bad = Threshold::Bad;
constexpr std::int64_t kNever = Threshold::kNever;
constexpr std::int64_t kSecond = 1000, kMinute = 60 * kSecond, kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour, kMost = 3660 * kDay, kMostNumber = 1000000000;
constexpr const char* kNewest = "age of the newest document";
constexpr const char* kAnswer = "time to the first answer";

const std::vector<Threshold>& table() {
  static const std::vector<Threshold> all = {
      {"wazuh", "answer", Unit::duration, Bad::above, 2 * kSecond, kNever, kAnswer},
      {"wazuh", "spool queue", Unit::duration, Bad::above, 10 * kMinute, kNever,
       "waiting time of the oldest alert"},
      {"wazuh", "spool hold", Unit::number, Bad::above, 0, kNever, "alerts on hold"},
      {"wazuh", "spool dead", Unit::number, Bad::above, 0, kNever, "alerts refused by TheHive"},
      {"wazuh", "spool corrupt", Unit::number, Bad::above, 0, kNever, "damaged entries"},
      {"wazuh", "log", Unit::number, Bad::above, 0, kNever,
       "errors and warnings of custom-w2thive in the last hour"},
      {"wazuh", "indexer block", Unit::duration, Bad::below, 30 * kDay, kNever,
       "time until the first certificate expires"},
      {"thehive", "answer", Unit::duration, Bad::above, 2 * kSecond, kNever, kAnswer},
      {"thehive", "licence", Unit::duration, Bad::below, 14 * kDay, kNever,
       "time until the licence expires; an expired one is always down"},
      {"cortex", "answer", Unit::duration, Bad::above, 2 * kSecond, kNever, kAnswer},
      {"cortex", "last job", Unit::duration, Bad::above, kHour, kNever,
       "age of the newest job while it is unfinished"},
      {"opencti", "answer", Unit::duration, Bad::above, 2 * kSecond, kNever, kAnswer},
      {"opencti", "stream", Unit::duration, Bad::above, 2 * kDay, kNever,
       "age of the newest event of the live stream"},
      {"opencti", "stream heartbeat", Unit::duration, Bad::above, kHour, kNever,
       "the same while there is no heartbeat either; part of the check stream"},
      {"opensearch", "answer", Unit::duration, Bad::above, 2 * kSecond, kNever, kAnswer},
      {"opensearch", "shards", Unit::duration, Bad::below, 14 * kDay, kNever,
       "time until the limit of shards is reached, at the rate of the last week"},
      {"opensearch", "alerts index", Unit::duration, Bad::above, kHour, kNever, kNewest},
      {"opensearch", "findings index", Unit::duration, Bad::above, kHour, kNever, kNewest},
      {"opensearch", "monitoring index", Unit::duration, Bad::above, kHour, kNever, kNewest},
      {"opensearch", "statistics index", Unit::duration, Bad::above, kHour, kNever, kNewest},
      {"opensearch", "refused documents", Unit::percent, Bad::above, 1, kNever,
       "percentage of documents refused since the start of the nodes"},
      {"prometheus", "answer", Unit::duration, Bad::above, 2 * kSecond, kNever, kAnswer},
      {"grafana", "answer", Unit::duration, Bad::above, 2 * kSecond, kNever, kAnswer},
  };
  return all;
}

std::int64_t most(Unit unit) {
  constexpr std::int64_t kPercent = 100;
  if (unit == Unit::duration) return kMost;
  return unit == Unit::percent ? kPercent : kMostNumber;
}

// Empty: not of this unit.
std::optional<std::int64_t> read_value(Unit unit, json::Value value) {
  const auto text = value.string();
  if (text && *text == "never") return kNever;
  std::optional<std::int64_t> number;
  if (unit == Unit::duration) {
    if (text) number = parse_duration_ms(*text);
  } else {
    number = value.integer();
  }
  if (!number || *number < 0 || *number > most(unit)) return {};
  return number;
}

std::string wanted(Unit unit) {
  if (unit == Unit::duration) return "write a time such as \"90s\" or \"14d\", or \"never\"";
  return "write a whole number from 0 to " + std::to_string(most(unit)) + ", or \"never\"";
}

// `inside`: path of the parent.
Status unknown(const std::string& where, const std::string& inside, std::string_view name,
               const std::vector<std::string_view>& known) {
  const std::string_view near = nearest(name, known);
  return Status::error(
      ExitCode::usage, where + ": " + inside + ": unknown key \"" + printable(name, 60) + "\"",
      near.empty() ? "known are " + joined(known) : "did you mean \"" + std::string(near) + "\"?");
}

std::vector<std::string_view> components() {
  std::vector<std::string_view> out;
  for (const Threshold& one : table()) {
    if (out.empty() || out.back() != one.component) out.push_back(one.component);
  }
  return out;
}

// One step of a JSON pointer.
std::string step_to(std::string_view name) {
  std::string out = "/";
  for (const char c : name) {
    if (c == '~' || c == '/') {
      out += c == '~' ? "~0" : "~1";
    } else {
      out += c;
    }
  }
  return out;
}

// A member at or below the section: its path for people, its JSON pointer, its value.
struct Place {
  std::string path, pointer;
  json::Value value;
};

// Reads the section into thresholds and collects the errors.
class Reading {
 public:
  Reading(const profile::Section& section, std::vector<Threshold>& all)
      : section_(section), all_(all) {}

  std::vector<Status> run() {
    const Place whole{section_.name, step_to(section_.name), section_.value()};
    each(whole, [&](const std::string& name, const Place& at) { component(name, at, whole); });
    if (full()) {
      wrong_.erase(wrong_.begin() + config::kMostErrors, wrong_.end());
      wrong_.push_back(Status::error(ExitCode::usage, section_.path + ": " + config::kMoreFollow));
    }
    return std::move(wrong_);
  }

 private:
  using Use = std::function<void(const std::string& name, const Place& at)>;

  // One more error than is reported, to know whether more follow.
  bool full() const { return wrong_.size() > config::kMostErrors; }

  // File, line and column of its name.
  std::string where(const Place& at, std::size_t occurrence = 0) const {
    return section_.path + ":" +
           json::locate_value(section_.text, at.pointer, json::kItsName, occurrence);
  }

  void add(const std::string& where, const std::string& message, std::string hint = {}) {
    wrong_.push_back(Status::error(ExitCode::usage, where + ": " + message, std::move(hint)));
  }

  // Calls `use` once for each member of the object.
  void each(const Place& object, const Use& use) {
    json::DuplicateKeyFilter names(object.value);
    for (std::size_t i = 0; i < object.value.size() && !full(); ++i) {
      const std::string name(object.value.key_at(i));
      const Place at{object.path + "." + printable(name, 60), object.pointer + step_to(name),
                     object.value.value_at(i)};
      if (names.is_first(i)) {
        use(name, at);
        continue;
      }
      std::size_t occurrence = 0;
      for (std::size_t k = 0; k < i; ++k) occurrence += object.value.key_at(k) == name ? 1U : 0U;
      add(where(at, occurrence), at.path + " is given twice", "remove one of them");
    }
  }

  void component(const std::string& name, const Place& at, const Place& inside) {
    std::vector<std::string_view> known;
    for (const Threshold& one : all_) {
      if (one.component == name) known.push_back(one.check);
    }
    if (known.empty()) {
      wrong_.push_back(unknown(where(at), inside.path, name, components()));
      return;
    }
    if (!at.value.is_object()) {
      add(where(at), inside.path + ": \"" + name + "\" must be an object of checks");
      return;
    }
    each(at, [&](const std::string& check, const Place& below) {
      const auto threshold = std::find_if(all_.begin(), all_.end(), [&](const Threshold& one) {
        return one.component == name && one.check == check;
      });
      if (threshold == all_.end()) {
        wrong_.push_back(unknown(where(below), at.path, check, known));
      } else if (!below.value.is_object()) {
        add(where(below),
            at.path + ": \"" + check + "\" must be an object with degraded, down or both");
      } else {
        levels(below, *threshold);
      }
    });
  }

  // The values of one check.
  void levels(const Place& check, Threshold& out) {
    const std::size_t before = wrong_.size();
    each(check, [&](const std::string& key, const Place& at) {
      if (key != "degraded" && key != "down") {
        wrong_.push_back(unknown(where(at), check.path, key, {"degraded", "down"}));
        return;
      }
      const auto value = read_value(out.unit, at.value);
      if (value) {
        (key == "down" ? out.down : out.degraded) = *value;
      } else {
        add(where(at),
            "\"" + key + "\" of " + out.name() + " cannot be " + printable(at.value.dump(), 60),
            wanted(out.unit));
      }
    });
    if (wrong_.size() == before) compare(check, out);
  }

  void compare(const Place& check, const Threshold& out) {
    const bool above = out.bad == Bad::above;
    const bool crossed = above ? out.down < out.degraded : out.down > out.degraded;
    if (out.down == kNever || out.degraded == kNever || !crossed) return;
    add(where(check),
        out.name() + " would be down (" + threshold_text(out, out.down) +
            ") before it is degraded (" + threshold_text(out, out.degraded) + ")",
        above ? "give down the larger value" : "give down the smaller value");
  }

  const profile::Section& section_;
  std::vector<Threshold>& all_;
  std::vector<Status> wrong_;
};

void write_value(json::Writer& w, const Threshold& one, std::int64_t value) {
  if (one.unit == Unit::duration || value == kNever) {
    w.value(threshold_text(one, value));
  } else {
    w.value(value);
  }
}

void write_level_schema(json::Writer& w, const Threshold& one, const char* name,
                        std::int64_t value) {
  w.key(name);
  w.begin_object();
  w.key("default");
  write_value(w, one, value);
  if (one.unit == Unit::duration) {
    w.member("type", "string");
    w.member("pattern", R"(^(\s*[0-9]+(ms|s|m|h|d)?\s*|never)$)");
  } else {
    w.key("anyOf");
    w.raw(R"([{"type":"integer","minimum":0,"maximum":)" + std::to_string(most(one.unit)) +
          R"(},{"const":"never"}])");
  }
  w.end_object();
}

}  // namespace

Thresholds::Thresholds() : all_(table()) {}

const Threshold& Thresholds::of(std::string_view component, std::string_view check) const {
  return *std::find_if(all_.begin(), all_.end(), [&](const Threshold& one) {
    return one.component == component && one.check == check;
  });
}

void Thresholds::set_degraded(std::string_view check, std::int64_t value) {
  for (Threshold& one : all_) {
    if (one.check != check) continue;
    one.degraded = value;
    if (one.down != kNever) one.down = std::max(one.down, value);
  }
}

void Thresholds::set_fresh(std::int64_t ms) {
  for (const char* check : {"alerts index", "findings index", "monitoring index",
                            "statistics index", "stream heartbeat"}) {
    set_degraded(check, ms);
  }
}

std::vector<Status> Thresholds::read(Env& env, const profile::Flags& flags,
                                     const profile::SystemPaths& system) {
  const auto section = profile::find_section(env, "health", flags, system);
  if (!section.ok()) return {section.status()};
  return read(*section);
}

std::vector<Status> Thresholds::read(const profile::Section& section) {
  return Reading(section, all_).run();
}

std::string threshold_text(const Threshold& threshold, std::int64_t value) {
  if (value == kNever) return "never";
  if (threshold.unit != Unit::duration) return std::to_string(value);
  struct Step {
    std::int64_t ms;
    const char* unit;
  };
  constexpr std::array<Step, 4> kSteps = {
      {{kDay, "d"}, {kHour, "h"}, {kMinute, "m"}, {kSecond, "s"}}};
  for (const Step& step : kSteps) {
    if (value != 0 && value % step.ms == 0) return std::to_string(value / step.ms) + step.unit;
  }
  return std::to_string(value) + "ms";
}

std::string threshold_schema() {
  json::Writer w;
  w.begin_object();
  w.member("type", "object");
  w.member("additionalProperties", false);
  w.key("properties");
  w.begin_object();
  for (const std::string_view component : components()) {
    w.key(component);
    w.begin_object();
    w.member("type", "object");
    w.member("additionalProperties", false);
    w.key("properties");
    w.begin_object();
    for (const Threshold& one : table()) {
      if (one.component != component) continue;
      w.key(one.check);
      w.begin_object();
      w.member("description", std::string(one.meaning) +
                                  (one.bad == Bad::above ? "; more is bad" : "; less is bad"));
      w.member("type", "object");
      w.member("additionalProperties", false);
      w.key("properties");
      w.begin_object();
      write_level_schema(w, one, "degraded", one.degraded);
      write_level_schema(w, one, "down", one.down);
      w.end_object();
      w.end_object();
    }
    w.end_object();
    w.end_object();
  }
  w.end_object();
  w.end_object();
  return std::move(w).take();
}

}  // namespace socbridge::health

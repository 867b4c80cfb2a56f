// SPDX-License-Identifier: Apache-2.0
#include "mapping/collector.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "mapping/composite.h"
#include "observable/validate.h"

namespace socbridge::mapping {
namespace {

constexpr std::size_t kMaxPaths = 5;           // named in a message; the rest is counted
constexpr std::size_t kMaxCandidates = 20000;  // per alert
constexpr std::size_t kMaxFromText = 50;       // per alert
constexpr std::string_view kFrom = "From ";    // begins a message

// Whether the label identifies a machine, unlike words such as `web` that begin many names.
bool is_distinctive(std::string_view label) {
  constexpr std::size_t kShortest = 5;
  return label.size() >= kShortest && label.find_first_of("-0123456789") != std::string_view::npos;
}

}  // namespace

Collector::Collector(const wazuh::Alert& alert, const Options& options,
                     std::vector<Explanation>* explanations)
    : options_(options), explanations_(explanations), own_address_(alert.agent_ip) {
  // Wazuh writes IPv6 addresses of agents with all zeros.
  if (auto address = observable::parse_ip(own_address_)) own_address_ = std::move(address->text);
  constexpr std::size_t kUsual = 6;
  list_.reserve(kUsual);
  const json::Value root = alert.root();
  own_names_ = {ascii_lower(alert.agent_name),
                ascii_lower(root.path("data.win.system.computer").string_or_empty()),
                ascii_lower(root.path("predecoder.hostname").string_or_empty())};
}

bool Collector::exhausted() const { return seen_ >= kMaxCandidates; }

bool Collector::offer(const Origin& origin, std::string_view type, std::string_view text,
                      const char* tag) {
  if (exhausted()) return false;
  if (is_one_part(type, text)) return take_part(origin, type, text, tag);
  bool any = false;
  for (const Part& part : parts_of(type, text)) {
    if (exhausted()) break;
    any = take_part(origin, part.type, part.text, part.guessed_scheme ? "scheme:guessed" : tag) ||
          any;
  }
  return any;
}

bool Collector::take_part(const Origin& origin, std::string_view type, std::string_view text,
                          const char* tag) {
  ++seen_;
  TypedValue value = classify(type, text);
  if (!value.type.empty() && value.noise == Noise::none && is_own(type, value)) {
    value.noise = Noise::own_agent;
  }
  return add(origin, std::move(value), tag);
}

bool Collector::is_own(std::string_view given_type, const TypedValue& value) const {
  if (options_.agent_observables) return false;
  if (value.type == "ip") return value.value == own_address_;
  if (value.type != "hostname" && value.type != "domain") return false;
  const std::string name = ascii_lower(value.value);
  if (name.empty()) return false;
  if (std::find(own_names_.begin(), own_names_.end(), name) != own_names_.end()) return true;
  if (given_type != "host" && given_type != "hostname") return false;
  const std::string first = name.substr(0, name.find('.'));
  return is_distinctive(first) &&
         std::any_of(own_names_.begin(), own_names_.end(), [&](const std::string& own) {
           return own == first || (first == name && own.starts_with(name + "."));
         });
}

bool Collector::is_own_host(std::string_view name) const {
  return !options_.keep_noise.has(Noise::own_agent) && is_own("host", classify("host", name));
}

bool Collector::may_add_from_text() const { return from_text_ < kMaxFromText && !exhausted(); }

const char* Collector::reason_to_drop(const Origin& origin, const TypedValue& value) const {
  if (std::any_of(options_.ignore_values.begin(), options_.ignore_values.end(),
                  [&](const std::string& one) { return iequals(one, value.value); })) {
    return "in ignore_values";
  }
  if (value.private_address && options_.private_addresses == PrivateAddresses::drop) {
    return "private address";
  }
  if (origin.source != nullptr) return nullptr;
  for (const Noise rule : {value.noise, origin.noise}) {
    if (rule != Noise::none && !options_.keep_noise.has(rule)) return noise_reason(rule);
  }
  return nullptr;
}

bool Collector::add(const Origin& origin, TypedValue c, const char* tag) {
  if (c.type.empty()) {
    if (explanations_ != nullptr && origin.found_by == nullptr && c.dropped != "a placeholder")
        [[unlikely]] {
      explain("observables", "", origin.text() + " dropped: " + std::string(c.dropped));
    }
    return false;
  }
  if (const char* why = reason_to_drop(origin, c)) {
    if (explanations_ != nullptr) [[unlikely]] {
      explain("observables", c.value, origin.text() + " dropped: " + why);
    }
    return false;
  }
  thehive::Observable o;
  o.data_type = c.type;
  o.data = c.value.size() > thehive::limits::kData ? truncate_utf16(c.value, thehive::limits::kData)
                                                   : std::move(c.value);
  if (c.private_address && options_.private_addresses == PrivateAddresses::tag) {
    o.tags.emplace_back("private");
  }
  if (tag != nullptr) o.tags.emplace_back(tag);
  if (const auto other = options_.data_types.find(o.data_type);
      other != options_.data_types.end() && other->second != o.data_type) {
    o.tags.push_back("type:" + o.data_type);
    o.data_type = other->second;
  }
  if (origin.source != nullptr) {
    o.ioc = origin.source->ioc;
    for (const std::string& one : origin.source->tags) o.tags.push_back(one);
  }
  merge(std::move(o), origin);
  return true;
}

void Collector::explain(const std::string& field, const std::string& value,
                        const std::string& rule) {
  if (explanations_ != nullptr) explanations_->push_back({field, value, rule});
}

void Collector::merge_into(std::size_t known, const thehive::Observable& o, std::string_view path) {
  thehive::Observable& old = list_[known];
  for (const std::string& tag : o.tags) {
    if (std::find(old.tags.begin(), old.tags.end(), tag) == old.tags.end()) {
      old.tags.push_back(tag);
    }
  }
  old.ioc = old.ioc || o.ioc;
  if (path == std::string_view(old.message).substr(kFrom.size())) return;
  if (places_.size() <= known) places_.resize(known + 1);
  auto& [named, more] = places_[known];
  if (std::find(named.begin(), named.end(), path) != named.end()) return;
  if (named.size() + 1 < kMaxPaths) {
    named.emplace_back(path);
  } else {
    ++more;
  }
}

void Collector::merge(thehive::Observable o, const Origin& origin) {
  o.message = origin.text(kFrom);
  const std::string_view path = std::string_view(o.message).substr(kFrom.size());
  const auto known = std::find_if(list_.begin(), list_.end(), [&](const auto& one) {
    return one.data == o.data && one.data_type == o.data_type;
  });
  if (known != list_.end()) {
    const auto at = static_cast<std::size_t>(known - list_.begin());
    if (!origin.only_new) merge_into(at, o, path);
    return;
  }
  if (list_.size() >= static_cast<std::size_t>(options_.max_observables)) {
    ++left_out_;
    return;
  }
  o.tlp = options_.tlp;
  o.pap = options_.pap;
  if (explanations_ != nullptr) [[unlikely]] {
    const std::string how = origin.found_by == nullptr ? "" : std::string(", ") + origin.found_by;
    explain("observables[" + std::to_string(list_.size()) + "]", o.data,
            std::string(path) + " is " + o.data_type + how);
  }
  list_.push_back(std::move(o));
}

Extracted Collector::take() {
  Extracted out;
  out.left_out = left_out_;
  out.observables = std::move(list_);
  for (std::size_t i = 0; i < places_.size(); ++i) {
    const auto& [named, more] = places_[i];
    std::string& message = out.observables[i].message;
    for (const std::string& path : named) message.append(", ").append(path);
    if (more > 0) message.append(" and ").append(std::to_string(more)).append(" more");
  }
  return out;
}

}  // namespace socbridge::mapping

// SPDX-License-Identifier: Apache-2.0
#include "mapping/collector.h"

#include <algorithm>

#include "base/text.h"
#include "mapping/composite.h"

namespace socbridge::mapping {
namespace {

constexpr std::size_t kMaxPaths = 5;           // named in a message; more are counted
constexpr std::size_t kMaxCandidates = 20000;  // of one alert
constexpr std::size_t kMaxFromText = 50;       // of one alert

void add_name(std::vector<std::string>& names, std::string_view name) {
  if (!name.empty()) names.push_back(ascii_lower(name));
}

// Of its own and not a word such as `web` that is the first label of many names.
bool is_distinctive(std::string_view label) {
  constexpr std::size_t kShortest = 5;
  return label.size() >= kShortest && label.find_first_of("-0123456789") != std::string_view::npos;
}

}  // namespace

Collector::Collector(const wazuh::Alert& alert, const Options& options,
                     std::vector<Explanation>* explanations)
    : options_(options), explanations_(explanations), own_address_(alert.agent_ip) {
  add_name(own_names_, alert.agent_name);
  const json::Value root = alert.root();
  add_name(own_names_, root.path("data.win.system.computer").string().value_or(""));
  add_name(own_names_, root.path("predecoder.hostname").string().value_or(""));
}

bool Collector::exhausted() const { return seen_ >= kMaxCandidates; }

bool Collector::offer(const Origin& origin, std::string_view type, std::string_view text,
                      const char* tag) {
  if (exhausted()) return false;
  bool any = false;
  for (Part& part : parts_of(type, text)) {
    if (exhausted()) break;
    ++seen_;
    TypedValue value = classify(part.type, part.text);
    if (!value.type.empty() && value.noise == Noise::none && is_own(part.type, value)) {
      value.noise = Noise::own_agent;
    }
    const char* also = part.guessed_scheme && value.type == "url" ? "scheme:guessed" : tag;
    any = add(origin, std::move(value), also) || any;
  }
  return any;
}

bool Collector::is_own(std::string_view given_type, const TypedValue& value) const {
  if (options_.agent_observables) return false;
  if (value.type == "ip") return value.value == own_address_;
  if (value.type != "hostname" && value.type != "domain") return false;
  const std::string name = ascii_lower(value.value);
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
    if (explanations_ != nullptr && origin.found_by == nullptr && c.dropped != "a placeholder") {
      explain("observables", "", origin.text() + " dropped: " + c.dropped);
    }
    return false;
  }
  if (const char* why = reason_to_drop(origin, c)) {
    if (explanations_ != nullptr) {
      explain("observables", c.value, origin.text() + " dropped: " + why);
    }
    return false;
  }
  thehive::Observable o;
  o.data_type = c.type;
  o.data = truncate_utf16(c.value, thehive::limits::kData);
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

void Collector::merge_into(std::size_t known, thehive::Observable o, const std::string& path) {
  thehive::Observable& old = list_[known];
  for (std::string& tag : o.tags) {
    if (std::find(old.tags.begin(), old.tags.end(), tag) == old.tags.end()) {
      old.tags.push_back(std::move(tag));
    }
  }
  old.ioc = old.ioc || o.ioc;
  if (old.message.find(path) != std::string::npos) return;
  if (++paths_[known] <= kMaxPaths) {
    old.message += ", " + path;
  } else {
    ++more_paths_[known];
  }
}

void Collector::merge(thehive::Observable o, const Origin& origin) {
  std::string key = o.data_type + "\n" + o.data;
  const std::string path = origin.text();
  if (const auto known = index_.find(key); known != index_.end()) {
    if (!origin.only_new) merge_into(known->second, std::move(o), path);
    return;
  }
  if (list_.size() >= static_cast<std::size_t>(options_.max_observables)) {
    ++left_out_;
    return;
  }
  o.message = "From " + path;
  o.tlp = options_.tlp;
  o.pap = options_.pap;
  if (explanations_ != nullptr) {
    const std::string how = origin.found_by == nullptr ? "" : std::string(", ") + origin.found_by;
    explain("observables[" + std::to_string(list_.size()) + "]", o.data,
            path + " is " + o.data_type + how);
  }
  index_.emplace(std::move(key), list_.size());
  list_.push_back(std::move(o));
  paths_.push_back(1);
  more_paths_.push_back(0);
}

Extracted Collector::take() {
  Extracted out;
  out.left_out = left_out_;
  out.observables = std::move(list_);
  for (std::size_t i = 0; i < out.observables.size(); ++i) {
    if (more_paths_[i] > 0)
      out.observables[i].message += " and " + std::to_string(more_paths_[i]) + " more";
  }
  return out;
}

}  // namespace socbridge::mapping

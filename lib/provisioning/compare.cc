// SPDX-License-Identifier: Apache-2.0
#include "provisioning/compare.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/text.h"

namespace socbridge::provisioning {
namespace {

constexpr std::size_t kMaxShown = 200;

std::string shown(json::Value value) {
  return value.missing() ? std::string() : printable(value.dump(), kMaxShown);
}

bool same_scalar(json::Value a, json::Value b) {
  if (a.is_number() && b.is_number() && a.number() && b.number()) return a.number() == b.number();
  return a.type() == b.type() && a.dump() == b.dump();
}

// Members by name, so that large objects are not searched linearly for each.
class Members {
 public:
  explicit Members(json::Value object) : object_(object) {
    constexpr std::size_t kFew = 64;
    if (object.size() <= kFew) return;
    for (std::size_t i = 0; i < object.size(); ++i) by_name_.emplace(object.key_at(i), i);
  }
  json::Value at(std::string_view name) const {
    if (by_name_.empty()) return object_[name];
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? json::Value() : object_.value_at(found->second);
  }

 private:
  json::Value object_;
  std::unordered_map<std::string_view, std::size_t> by_name_;
};

class Comparison {
 public:
  explicit Comparison(std::size_t most) : most_(most) {}

  void run(json::Value wanted, json::Value there, const std::string& path) {
    if (found_.size() >= most_) return;
    if (wanted.is_object() && there.is_object()) {
      const Members members(there);
      for (std::size_t i = 0; i < wanted.size(); ++i) {
        const std::string_view name = wanted.key_at(i);
        run(wanted.value_at(i), members.at(name), path + pointer_step(name));
      }
    } else if (wanted.is_array() && there.is_array()) {
      const std::size_t longest = std::max(wanted.size(), there.size());
      for (std::size_t i = 0; i < longest; ++i) {
        run(wanted.at(i), there.at(i), path + pointer_step(std::to_string(i)));
      }
    } else if (!same(wanted, there)) {
      found_.push_back({path.empty() ? "/" : path, shown(there), shown(wanted)});
    }
  }
  std::vector<Difference> take() && { return std::move(found_); }

 private:
  // Grafana omits null members.
  static bool same(json::Value wanted, json::Value there) {
    if (wanted.type() == json::Type::null && there.missing()) return true;
    return same_scalar(wanted, there);
  }

  std::size_t most_;
  std::vector<Difference> found_;
};

}  // namespace

std::string pointer_step(std::string_view name) {
  std::string out = "/";
  for (const char c : printable(name, 100)) {
    if (c == '~' || c == '/') {
      out += c == '~' ? "~0" : "~1";
    } else {
      out += c;
    }
  }
  return out;
}

std::vector<Difference> compare(json::Value wanted, json::Value there, std::size_t most) {
  Comparison comparison(most);
  comparison.run(wanted, there, {});
  return std::move(comparison).take();
}

}  // namespace socbridge::provisioning

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "mapping/mapping.h"
#include "mapping/observables.h"
#include "mapping/options.h"
#include "mapping/typed_value.h"
#include "wazuh/alert.h"

namespace socbridge::mapping {

// The origin of a value.
struct Origin {
  std::string_view root, path;
  const Source* source = nullptr;  // for a configured row
  const char* found_by = nullptr;  // for explanations, e.g. `found by content`
  Noise noise = Noise::none;       // noise rule implied by the origin
  bool only_new = false;           // an existing equal value stays unchanged

  std::string text(std::string_view before = {}) const {
    std::string out;
    out.reserve(before.size() + root.size() + path.size() + 1);
    out.append(before).append(root);
    if (!root.empty()) out += '.';
    out += path;
    return out;
  }
};

// Takes values, drops those that the options exclude, and merges equal ones.
class Collector {
 public:
  Collector(const wazuh::Alert& alert, const Options& options,
            std::vector<Explanation>* explanations);

  // Splits, classifies and adds a text that may be of `type`. True if a value was added.
  bool offer(const Origin& origin, std::string_view type, std::string_view text,
             const char* tag = nullptr);
  bool add(const Origin& origin, TypedValue value, const char* tag = nullptr);

  // Whether 20000 values of this alert were taken; more indicate a denial-of-service attempt.
  bool exhausted() const;
  Extracted take();

  // Whether the name is the agent's, by the rule `own_agent`.
  bool is_own_host(std::string_view name) const;
  // Values from free text have a separate limit.
  bool may_add_from_text() const;
  void count_from_text() { ++from_text_; }

 private:
  // Further origins of an observable: the first paths, and the number of the rest. Its message
  // names the first origin.
  struct Places {
    std::vector<std::string> named;
    std::size_t more = 0;
  };
  bool take_part(const Origin& origin, std::string_view type, std::string_view text,
                 const char* tag);
  bool is_own(std::string_view given_type, const TypedValue& value) const;
  const char* reason_to_drop(const Origin& origin, const TypedValue& value) const;
  void explain(const std::string& field, const std::string& value, const std::string& rule);
  void merge(thehive::Observable o, const Origin& origin);
  void merge_into(std::size_t known, const thehive::Observable& o, std::string_view path);

  const Options& options_;
  std::vector<Explanation>* explanations_;
  std::array<std::string, 3> own_names_;  // lower case; may be empty
  std::string own_address_;
  std::vector<thehive::Observable> list_;  // at most 1000, so a linear search is enough
  std::vector<Places> places_;             // parallel to list_, up to the last with further origins
  std::size_t left_out_ = 0;
  std::size_t seen_ = 0;
  std::size_t from_text_ = 0;
};

}  // namespace socbridge::mapping

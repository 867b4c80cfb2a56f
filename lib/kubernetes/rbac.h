// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "json/value.h"

namespace socbridge::kubernetes {

// One permission: a verb on a resource of a group.
struct Right {
  std::string group;     // "" is the core
  std::string resource;  // "pods/log"
  std::string verb;
  bool operator<(const Right& other) const {
    return std::tie(group, resource, verb) < std::tie(other.group, other.resource, other.verb);
  }
  bool operator==(const Right& other) const {
    return std::tie(group, resource, verb) == std::tie(other.group, other.resource, other.verb);
  }
};
using Rights = std::set<Right>;

// The rights that Cortex's job runner needs, exactly: jobs create get list watch delete; pods and
// pods/log get list watch.
Rights cortex_rights();

// The resource rules of a role, or of a SelfSubjectRulesReview's status, one right each. Rules that
// every account has (reviews of itself) are left out.
Rights read_rules(json::Value rules);

Rights minus(const Rights& a, const Rights& b);
// `create, delete on batch/jobs; get on pods`
std::string rights_text(const Rights& rights);

}  // namespace socbridge::kubernetes

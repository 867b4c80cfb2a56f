// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/rbac.h"

#include <algorithm>
#include <iterator>
#include <map>

#include "base/text.h"

namespace socbridge::kubernetes {
namespace {

// No role has more; the limit protects against hostile answers.
constexpr std::size_t kMost = 2000;

void add(Rights& out, const char* group, const char* resource,
         std::initializer_list<const char*> verbs) {
  for (const char* verb : verbs) out.insert({group, resource, verb});
}

std::vector<std::string> texts(json::Value list) {
  constexpr std::size_t kMostNames = 100;
  std::vector<std::string> out = list.texts();
  out.resize(std::min(out.size(), kMostNames));
  return out;
}

bool all_users_have(const Right& right) {
  return right.verb == "create" &&
         (right.group == "authorization.k8s.io" || right.group == "authentication.k8s.io") &&
         right.resource.starts_with("selfsubject");
}

}  // namespace

Rights cortex_rights() {
  Rights out;
  add(out, "batch", "jobs", {"create", "get", "list", "watch", "delete"});
  for (const char* resource : {"pods", "pods/log"})
    add(out, "", resource, {"get", "list", "watch"});
  return out;
}

Rights read_rules(json::Value rules) {
  Rights out;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const json::Value rule = rules.at(i);
    for (const std::string& group : texts(rule["apiGroups"])) {
      for (const std::string& resource : texts(rule["resources"])) {
        for (const std::string& verb : texts(rule["verbs"])) {
          const Right right{group, resource, verb};
          if (!all_users_have(right) && out.size() < kMost) out.insert(right);
        }
      }
    }
  }
  return out;
}

Rights minus(const Rights& a, const Rights& b) {
  Rights out;
  std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::inserter(out, out.end()));
  return out;
}

std::string rights_text(const Rights& rights) {
  std::map<std::string, std::string> verbs;
  for (const Right& right : rights) {
    std::string& list = verbs[(right.group.empty() ? "" : right.group + "/") + right.resource];
    list += (list.empty() ? "" : ", ") + right.verb;
  }
  std::string out;
  for (const auto& [resource, list] : verbs)
    out += (out.empty() ? "" : "; ") + list + " on " + resource;
  return printable(out, 400);
}

}  // namespace socbridge::kubernetes

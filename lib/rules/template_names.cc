// SPDX-License-Identifier: Apache-2.0
#include "rules/template_names.h"

#include <algorithm>
#include <vector>

#include "base/text.h"

namespace socbridge::rules {
namespace {

using Names = std::vector<std::string_view>;

// Not fields of the alert, but derived from it.
const Names& made() {
  static const Names kNames = {"description", "source_ref", "time.from", "time.to"};
  return kNames;
}

// Top-level members: Wazuh 4, then those of the Elastic Common Schema that Wazuh 5 uses.
const Names& roots() {
  static const Names kNames = {
      "agent", "cluster", "data", "decoder", "file", "full_log", "GeoLocation", "hostname", "id",
      "input", "location", "manager", "predecoder", "previous_log", "previous_output",
      "program_name", "rule", "syscheck", "timestamp", "title",
      // Wazuh 5
      "@timestamp", "client", "cloud", "container", "destination", "device", "dll", "dns", "email",
      "error", "event", "file", "geo", "group", "hash", "host", "http", "interface", "labels",
      "log", "message", "network", "observer", "orchestrator", "organization", "package", "process",
      "registry", "related", "server", "service", "source", "tags", "threat", "tls", "url", "user",
      "user_agent", "vulnerability", "wazuh"};
  return kNames;
}

// Members of which all sub-members are known.
const Names* members_of(std::string_view root) {
  static const Names kRule = {"id", "level", "description", "groups", "firedtimes", "frequency",
                              "mail", "info", "mitre", "cve", "pci_dss", "gpg13", "gdpr", "hipaa",
                              "nist_800_53", "tsc",
                              // Wazuh 5
                              "author", "category", "compliance", "license", "name", "reference",
                              "ruleset", "status", "tags", "title", "type", "uuid", "version"};
  static const Names kAgent = {"id",     "name", "ip",      "labels", "group",
                               "groups", "host", "version", "type"};
  static const Names kManager = {"name"};
  static const Names kCluster = {"name", "node"};
  static const Names kDecoder = {"name", "parent", "ftscomment", "accumulate"};
  static const Names kPredecoder = {"hostname", "program_name", "timestamp"};
  static const Names kInput = {"type"};
  if (root == "rule") return &kRule;
  if (root == "agent") return &kAgent;
  if (root == "manager") return &kManager;
  if (root == "cluster") return &kCluster;
  if (root == "decoder") return &kDecoder;
  if (root == "predecoder") return &kPredecoder;
  if (root == "input") return &kInput;
  return nullptr;
}

bool holds(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

bool looks_like_field(std::string_view text) {
  const std::size_t dot = text.find('.');
  return dot != std::string_view::npos && dot + 1 < text.size() &&
         holds(roots(), text.substr(0, dot));
}

NameVerdict check_name(std::string_view name) {
  if (holds(made(), name)) return {};
  const std::size_t dot = name.find('.');
  const std::string_view root = name.substr(0, dot);
  if (!holds(roots(), root)) {
    const std::string_view near = nearest(root, roots());
    if (!near.empty()) {
      return {"no alert has a member " + quoted(root), "did you mean " + quoted(near) + "?"};
    }
    return {"no alert has a member " + quoted(root),
            "name a field such as rule.description, agent.name or data.srcip; {{ is a brace"};
  }
  const Names* members = members_of(root);
  if (members == nullptr || dot == std::string_view::npos) return {};
  const std::string_view rest = name.substr(dot + 1);
  const std::string_view member = rest.substr(0, rest.find('.'));
  if (holds(*members, member)) return {};
  const std::string_view near = nearest(member, *members);
  return {std::string(root) + " has no member " + quoted(member),
          near.empty()
              ? "run socctl alert map -o json on an alert to see what it holds"
              : "did you mean " + quoted(std::string(root) + "." + std::string(near)) + "?"};
}

}  // namespace socbridge::rules

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "opencti/context.h"

namespace socbridge::context {

inline constexpr UnixMillis kNow = 1764000000000;  // 2025-11-24T16:00:00Z

inline opencti::Link link(const std::string& kind, const std::string& type, const std::string& name,
                          const std::string& mitre_id = {}) {
  opencti::Link out;
  out.kind = kind;
  out.threat.id = "id-" + name;
  out.threat.standard_id = "stix-" + name;
  out.threat.type = type;
  out.threat.name = name;
  out.threat.mitre_id = mitre_id;
  out.subject = "indicator--1";
  return out;
}

// What `near` is linked to.
inline opencti::Link far_link(const opencti::Link& near, opencti::Link link) {
  link.via = near.threat.name;
  link.via_id = near.threat.id;
  link.subject.clear();
  return link;
}

// A domain with one thing of each kind: a malware that indicates it, which an actor uses.
inline opencti::Context sample() {
  opencti::Context out;
  out.value = opencti::value_of("domain", "evil.example");
  opencti::Observable observable;
  observable.id = "o";
  observable.standard_id = "domain-name--1";
  observable.type = "Domain-Name";
  observable.value = "evil.example";
  observable.score = 85;
  observable.author = "Feed";
  observable.labels = {"c2"};
  observable.markings = {"TLP:GREEN"};
  observable.references = {{"blog", "https://blog.example/1", "7"}};
  out.observables = {observable};
  opencti::Indicator indicator;
  indicator.id = "i";
  indicator.standard_id = "indicator--1";
  indicator.name = "evil.example";
  indicator.pattern = "[domain-name:value = 'evil.example']";
  indicator.pattern_type = "stix";
  indicator.score = 40;
  indicator.valid_until = "2026-01-01T00:00:00.000Z";
  indicator.labels = {"c2", "botnet"};
  indicator.markings = {"TLP:AMBER"};
  out.indicators = {indicator};
  opencti::Link malware = link("indicates", "Malware", "ExampleRAT");
  malware.threat.aliases = {"ExRat"};
  malware.confidence = 75;
  opencti::Link technique = link("indicates", "Attack-Pattern", "Web Protocols", "T1071.001");
  technique.threat.tactics = {"command-and-control"};
  opencti::Link actor = far_link(malware, link("uses", "Intrusion-Set", "APT-EXAMPLE"));
  actor.end = opencti::Link::End::source;
  out.links = {malware, technique, actor};
  opencti::Report report;
  report.id = "r";
  report.name = "A report";
  report.published = "2025-05-01T00:00:00.000Z";
  report.author = "Analyst";
  report.types = {"threat-report"};
  out.reports = {report};
  return out;
}

inline opencti::Context unknown(const char* data = "unknown.example") {
  opencti::Context out;
  out.value = opencti::value_of("domain", data);
  return out;
}

// Bytes that would end a line, change a terminal, or begin a structure in Markdown.
inline const std::string kHostile = "x\n# y\x1b[31m**z**|<b>`q`";

// All texts of it are kHostile.
inline opencti::Context hostile() {
  opencti::Context out = sample();
  for (auto& one : out.observables) {
    one.type = one.value = one.author = kHostile;
    one.labels = one.markings = {kHostile};
    one.references = {{kHostile, kHostile, kHostile}};
  }
  for (auto& one : out.indicators) {
    one.pattern = one.author = one.name = one.valid_until = kHostile;
    one.labels = one.markings = {kHostile};
  }
  for (auto& one : out.links) {
    one.kind = one.threat.name = one.threat.type = one.threat.mitre_id = kHostile;
    one.threat.aliases = one.threat.tactics = {kHostile};
    if (!one.via.empty()) one.via = kHostile;
  }
  for (auto& one : out.reports) one.name = one.published = one.author = kHostile;
  out.value.text = out.value.type = kHostile;
  return out;
}

}  // namespace socbridge::context

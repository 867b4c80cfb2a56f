// SPDX-License-Identifier: Apache-2.0
#include "expectation/compare.h"

#include <algorithm>

#include "base/joined.h"
#include "base/text.h"
#include "mapping/mapping.h"
#include "rules/matchers.h"

namespace socbridge::expectation {
namespace {

constexpr std::size_t kMostShown = 300;

bool fits(const std::string& wanted, std::string_view got) {
  const bool is_pattern = wanted.find_first_of("*?") != std::string::npos;
  return wanted == got || (is_pattern && glob_matches(wanted, got));
}

std::string shown(std::string_view text) {
  return text.empty() ? std::string("(none)") : printable(text, kMostShown);
}

class Comparison {
 public:
  Comparison(const Expected& expected, const mapping::Mapped& mapped)
      : expected_(expected), mapped_(mapped), alert_(mapped.alert) {}

  std::vector<Difference> run() {
    const bool skip_wanted = expected_.skipped.has_value() || expected_.forwarded == false;
    if (skip_wanted != !mapped_.forwarded) {
      add("forwarded", skip_wanted ? "false" : "true", mapped_.forwarded ? "true" : "false",
          mapped_.skip_reason);
      return std::move(out_);
    }
    if (expected_.skipped && !fits(*expected_.skipped, mapped_.skip_reason)) {
      add("skipped", *expected_.skipped, mapped_.skip_reason, {});
    }
    if (!mapped_.forwarded) return std::move(out_);
    for (const auto& [name, wanted] : expected_.texts) {
      const std::string got = text_of(name);
      if (!fits(wanted, got)) add(name, wanted, got, rule_of(explained_as(name)));
    }
    tags();
    for (const std::string& part : expected_.description) {
      const bool there = fits("*" + part + "*", alert_.description) ||
                         alert_.description.find(part) != std::string::npos;
      if (!there) add("description", part, alert_.description, {});
    }
    custom_fields();
    observables();
    return std::move(out_);
  }

 private:
  void add(std::string_view field, std::string_view wanted, std::string_view got,
           std::string rule) {
    out_.push_back(
        {printable(field, kMostShown), shown(wanted), shown(got), printable(rule, kMostShown)});
  }

  std::string text_of(std::string_view name) const {
    if (name == "severity") return std::to_string(alert_.severity);
    if (name == "tlp") return std::to_string(alert_.tlp);
    if (name == "pap") return std::to_string(alert_.pap);
    if (name == "title") return alert_.title;
    if (name == "type") return alert_.type;
    if (name == "source") return alert_.source;
    if (name == "case_template") return alert_.case_template;
    if (name == "external_link") return alert_.external_link;
    if (name == "promote") {
      return !alert_.promotion ? "no" : alert_.promotion->key.empty() ? "own" : "shared";
    }
    if (name == "destination") {
      std::vector<std::string> names;
      for (const std::string& one : mapped_.destinations) {
        names.push_back(mapping::shown_destination(one));
      }
      return joined(names);
    }
    return alert_.source_ref;
  }

  // Maps names of the configuration to those of TheHive.
  static std::string explained_as(std::string_view name) {
    if (name == "case_template") return "caseTemplate";
    if (name == "external_link") return "externalLink";
    if (name == "source_ref") return "sourceRef";
    if (name == "promote") return "promotion";
    return std::string(name);
  }

  std::string rule_of(const std::string& field) const {
    for (const mapping::Explanation& one : mapped_.explanations) {
      if (one.field == field) return one.rule;
    }
    return {};
  }

  bool has_tag(const std::string& wanted) const {
    return std::any_of(alert_.tags.begin(), alert_.tags.end(),
                       [&](const std::string& tag) { return fits(wanted, tag); });
  }

  void tags() {
    for (const std::string& tag : expected_.tags) {
      if (!has_tag(tag)) add("tags", tag, joined(alert_.tags), {});
    }
    for (const std::string& tag : expected_.no_tags) {
      if (has_tag(tag)) add("no_tags", "not " + tag, joined(alert_.tags), {});
    }
  }

  void custom_fields() {
    for (const auto& [name, wanted] : expected_.custom_fields) {
      const auto it =
          std::find_if(alert_.custom_fields.begin(), alert_.custom_fields.end(),
                       [&name = name](const auto& field) { return field.name == name; });
      const std::string got = it == alert_.custom_fields.end() ? "null" : it->value_json;
      if (!fits(wanted, got)) {
        add("custom_fields." + name, wanted, got, rule_of("customFields." + name));
      }
    }
  }

  bool has_observable(const WantedObservable& wanted) const {
    return std::any_of(alert_.observables.begin(), alert_.observables.end(), [&](const auto& one) {
      return (wanted.type.empty() || wanted.type == one.data_type) && fits(wanted.data, one.data);
    });
  }

  void observables() {
    std::vector<std::string> all;
    for (const auto& one : alert_.observables) all.push_back(one.data_type + ":" + one.data);
    const auto name = [](const WantedObservable& one) {
      return one.type.empty() ? one.data : one.type + ":" + one.data;
    };
    for (const WantedObservable& wanted : expected_.observables) {
      if (!has_observable(wanted)) add("observables", name(wanted), joined(all), {});
    }
    for (const WantedObservable& wanted : expected_.no_observables) {
      if (has_observable(wanted)) add("no_observables", "not " + name(wanted), joined(all), {});
    }
  }

  const Expected& expected_;
  const mapping::Mapped& mapped_;
  const thehive::Alert& alert_;
  std::vector<Difference> out_;
};

}  // namespace

std::vector<Difference> compare(const Expected& expected, const mapping::Mapped& mapped) {
  return Comparison(expected, mapped).run();
}

}  // namespace socbridge::expectation

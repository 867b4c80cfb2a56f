// SPDX-License-Identifier: Apache-2.0
#include "socctl/config/own_meaning.h"

#include <algorithm>
#include <utility>

#include "analysis/read_settings.h"
#include "context/connector_report.h"
#include "json/duplicate_keys.h"
#include "json/writer.h"
#include "profile/indexer.h"

namespace socbridge::socctl {
namespace {

using rules::Fault;
using rules::Faults;
using Scope = Faults::Scope;
using Names = std::vector<std::string>;

std::string object_of(std::string_view name, const std::string& json) {
  return "{" + json::quote(name) + ":" + json + "}";
}

class Meaning {
 public:
  Meaning(const OwnFile& file, const profile::Section& presets, const std::vector<Fault>& form,
          std::size_t most)
      : file_(file), presets_(presets), form_(form), most_(most) {
    part_ = part_of(file, "", "{}");
  }

  std::vector<Status> run() {
    const json::Value root = file_.content.document.root();
    analysis(root["analysis"]);
    {
      const Scope down(at_, "connectors");
      for_members(root["connectors"], [&](std::string_view name, json::Value row) {
        add(context::read_schedules(part("connectors", object_of(name, row.dump()))).status());
      });
    }
    const Scope down(at_, "indices");
    for_members(root["indices"], [&](std::string_view name, json::Value pattern) {
      add(profile::read_patterns(part("indices", object_of(name, pattern.dump()))).status());
    });
    return std::move(errors_);
  }

 private:
  void add(const Status& error) {
    if (!error.ok()) errors_.push_back(error);
  }

  // The section with this content only; always the same object, so that the text of the file is not
  // copied.
  const profile::Section& part(const std::string& name, const std::string& json) {
    part_.name = name;
    auto document = json::Document::parse(object_of(name, json));
    part_.document = document.ok() ? std::move(*document) : json::Document();
    return part_;
  }

  // Whether the current part has an error in its form.
  bool is_wrong() const {
    const std::string& here = at_.pointer();
    return std::any_of(form_.begin(), form_.end(), [&](const Fault& fault) {
      return fault.pointer.starts_with(here) &&
             (fault.pointer.size() == here.size() || fault.pointer[here.size()] == '/');
    });
  }

  // Calls `each` for the members of an object whose form is correct.
  template <class Each>
  void for_members(json::Value object, const Each& each) {
    if (!object.is_object()) return;
    json::DuplicateKeyFilter names(object);
    for (std::size_t i = 0; i < object.size() && errors_.size() < most_; ++i) {
      const Scope down(at_, object.key_at(i));
      if (names.is_first(i) && !is_wrong()) each(object.key_at(i), object.value_at(i));
    }
  }

  void analysis(json::Value section) {
    if (!section.is_object()) return;
    const Scope down(at_, "analysis");
    for_members(section, [&](std::string_view name, json::Value value) {
      // The parser requires a rule.
      if (name != "rules")
        read_analysis(R"({"rules":{"rule":{}},)" + object_of(name, value.dump()).substr(1));
    });
    const Scope inside(at_, "rules");
    const json::Value rules = section["rules"];
    if (rules.size() == 0 && !is_wrong()) read_analysis("{}");
    for (std::size_t i = 0; rules.is_object() && i < rules.size(); ++i) {
      const Scope one(at_, rules.key_at(i));
      for_members(rules.value_at(i), [&](std::string_view key, json::Value value) {
        const std::string rule = object_of(rules.key_at(i), object_of(key, value.dump()));
        read_analysis(object_of("rules", rule));
      });
    }
  }

  // A preset in the file is checked separately.
  void read_analysis(const std::string& json) {
    const auto preset_of = [&](std::string_view name) {
      if (!presets_.value()[name].missing()) return Result<Names>(Names());
      return profile::read_preset(presets_, name);
    };
    add(analysis::read_settings(part("analysis", json), preset_of).status());
  }

  const OwnFile& file_;
  const profile::Section& presets_;
  const std::vector<Fault>& form_;
  const std::size_t most_;
  Faults at_;  // only its pointer is used
  profile::Section part_;
  std::vector<Status> errors_;
};

}  // namespace

profile::Section part_of(const OwnFile& file, const std::string& name, const std::string& json) {
  profile::Section section;
  section.name = name;
  section.path = file.path;
  section.text = file.content.text;
  auto document = json::Document::parse(object_of(name, json));
  if (document.ok()) section.document = std::move(*document);
  return section;
}

std::vector<Status> errors_of_meaning(const OwnFile& file, const profile::Section& presets,
                                      const std::vector<Fault>& form, std::size_t most) {
  return Meaning(file, presets, form, most).run();
}

}  // namespace socbridge::socctl

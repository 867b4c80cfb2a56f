// SPDX-License-Identifier: Apache-2.0
#include "provisioning/bind_dashboard.h"

#include <string_view>

#include "base/text.h"
#include "json/writer.h"

namespace socbridge::provisioning {
namespace {

using Values = std::vector<std::pair<std::string, std::string>>;

constexpr std::size_t kMostBytes = std::size_t{32} << 20;
// Dashboards of grafana.com have a dozen at most. Each text is searched for each input.
constexpr std::size_t kMostInputs = 100;
constexpr std::size_t kLongestName = 200;

Status refused(const std::string& why, std::string hint = {}) {
  return Status::error(ExitCode::refused, why, std::move(hint));
}

const BoundSource* source_of_type(const Binding& binding, std::string_view type) {
  for (const BoundSource& one : binding.sources) {
    if (one.type == type) return &one;
  }
  return nullptr;
}

const std::string* given(const Values& values, std::string_view name) {
  for (const auto& [known, value] : values) {
    if (known == name) return &value;
  }
  return nullptr;
}

// `${NAME}` and its value, for each input.
Result<Values> values_of(json::Value inputs, const Binding& binding) {
  Values out;
  if (inputs.size() > kMostInputs) {
    return refused("it has " + std::to_string(inputs.size()) + " inputs, more than " +
                   std::to_string(kMostInputs));
  }
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const json::Value input = inputs.at(i);
    const std::string name = input["name"].text();
    const std::string in_text = "${" + name + "}";
    if (const std::string* value = given(binding.inputs, name)) {
      out.emplace_back(in_text, *value);
      continue;
    }
    const std::string plugin = input["pluginId"].text();
    if (const BoundSource* source = source_of_type(binding, plugin)) {
      out.emplace_back(in_text, source->uid);
    } else if (input["type"].string() == "constant" && input["value"].is_string()) {
      out.emplace_back(in_text, input["value"].text());
    } else {
      return refused(
          "its input " + printable(name, 60) + " needs " +
              (plugin.empty() ? "a value" : "a data source of type " + printable(plugin, 60)) +
              ", and the manifest has none",
          "add inputs: {" + printable(name, 60) + ": UID} to it in the manifest");
    }
  }
  return out;
}

// Values of inputs are not searched for inputs.
std::string replaced(const std::string& text, const Values& values) {
  std::string out;
  std::size_t begin = 0;
  for (std::size_t at = text.find("${"); at != std::string::npos; at = text.find("${", begin)) {
    if (out.size() > kMostBytes) break;
    // Limited, so that not every `${` searches to the end of the text.
    const std::string_view name_at = std::string_view(text).substr(at, kLongestName);
    const std::size_t length = name_at.find('}');
    const bool closed = length != std::string_view::npos;
    const std::string* value = closed ? given(values, name_at.substr(0, length + 1)) : nullptr;
    out += text.substr(begin, at - begin);
    out += value == nullptr ? "${" : *value;
    begin = at + (value == nullptr ? 2 : length + 1);
  }
  return out + text.substr(begin);
}

class Binder {
 public:
  Binder(const Binding& binding, const Values& values) : binding_(binding), values_(values) {}

  // Inputs that are used many times can make it larger than any real dashboard.
  bool too_large() const { return too_large_; }

  void write(json::Writer& w, json::Value value) {
    if (value.is_object()) {
      write_object(w, value);
    } else if (value.is_array()) {
      w.begin_array();
      for (std::size_t i = 0; i < value.size(); ++i) write(w, value.at(i));
      w.end_array();
    } else if (value.is_string()) {
      const std::string text = replaced(value.text(), values_);
      if (w.text().size() + text.size() > kMostBytes) too_large_ = true;
      w.value(too_large_ ? std::string_view() : text);
    } else {
      w.value(value);
    }
  }

 private:
  // A fixed reference, not a variable, to a data source of a type that we have.
  const BoundSource* fixed_reference(json::Value object) const {
    const auto uid = object["uid"].string();
    const auto type = object["type"].string();
    if (!uid || !type || uid->starts_with('$')) return nullptr;
    return source_of_type(binding_, *type);
  }
  // A variable over data sources of a type that we have.
  const BoundSource* source_variable(json::Value object) const {
    const auto query = object["query"].string();
    if (object["type"].string() != "datasource" || !query) return nullptr;
    return source_of_type(binding_, *query);
  }

  void write_object(json::Writer& w, json::Value object) {
    const BoundSource* variable = source_variable(object);
    w.begin_object();
    for (std::size_t i = 0; i < object.size(); ++i) {
      const std::string_view key = object.key_at(i);
      const json::Value value = object.value_at(i);
      if (variable != nullptr && key == "current") continue;
      w.key(key);
      const BoundSource* fixed =
          key == "datasource" && value.is_object() ? fixed_reference(value) : nullptr;
      if (fixed != nullptr) {
        write_reference(w, *fixed);
      } else {
        write(w, value);
      }
    }
    if (variable != nullptr) {
      w.key("current");
      w.begin_object();
      w.member("text", variable->name);
      w.member("value", variable->uid);
      w.end_object();
    }
    w.end_object();
  }

  static void write_reference(json::Writer& w, const BoundSource& source) {
    w.begin_object();
    w.member("type", source.type);
    w.member("uid", source.uid);
    w.end_object();
  }

  const Binding& binding_;
  const Values& values_;
  bool too_large_ = false;
};

bool belongs_to_export(std::string_view name) {
  return name == "__inputs" || name == "__requires" || name == "__elements" || name == "id" ||
         name == "version" || name == "uid" || name == "gnetId" || name == "iteration";
}

}  // namespace

Result<std::string> bind_dashboard(json::Value dashboard, const Binding& binding) {
  if (!dashboard.is_object() || !dashboard["title"].is_string()) {
    return refused("it is not a dashboard: not a JSON object with a title");
  }
  if (dashboard["__elements"].size() > 0) {
    return refused("it has library panels", "import it in Grafana: Dashboards, New, Import");
  }
  const std::string uid = binding.uid.empty() ? dashboard["uid"].text() : binding.uid;
  if (uid.empty()) return refused("it has no uid", "give it one in the manifest");
  const auto values = values_of(dashboard["__inputs"], binding);
  if (!values.ok()) return values.status();
  Binder binder(binding, *values);
  json::Writer w;
  w.begin_object();
  w.member("uid", uid);
  if (binding.number > 0) w.member("gnetId", binding.number);
  for (std::size_t i = 0; i < dashboard.size(); ++i) {
    if (belongs_to_export(dashboard.key_at(i))) continue;
    w.key(dashboard.key_at(i));
    binder.write(w, dashboard.value_at(i));
  }
  w.end_object();
  if (binder.too_large()) return refused("with its inputs replaced it is larger than 32 MiB");
  return std::move(w).take();
}

}  // namespace socbridge::provisioning

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>
#include <vector>

#include "soc-sandbox/thehive/constants.h"
#include "soc-sandbox/thehive/view.h"

namespace socbridge::sandbox {

// Writes the members of one object, except those that a query excludes.
class ViewWriter {
 public:
  ViewWriter(json::Writer& w, const View& view) : w_(w), view_(view) { w_.begin_object(); }
  ~ViewWriter() { w_.end_object(); }
  ViewWriter(const ViewWriter&) = delete;
  ViewWriter& operator=(const ViewWriter&) = delete;

  bool wants(std::string_view name) const {
    return std::find(view_.exclude.begin(), view_.exclude.end(), name) == view_.exclude.end();
  }
  template <typename T>
  void put(std::string_view name, const T& value) {
    if (wants(name)) w_.member(name, value);
  }
  void put(std::string_view name, const std::vector<std::string>& values) {
    if (!wants(name)) return;
    w_.key(name);
    w_.begin_array();
    for (const std::string& value : values) w_.value(value);
    w_.end_array();
  }
  // Only if the value is not empty.
  void put_if(std::string_view name, const std::string& value) {
    if (!value.empty()) put(name, value);
  }
  void put_if(std::string_view name, UnixMillis when) {
    if (when != 0) put(name, when);
  }
  void raw(std::string_view name, std::string_view json) {
    if (!wants(name)) return;
    w_.key(name);
    w_.raw(json);
  }
  void origin(std::string_view type, Id id, UnixMillis created, UnixMillis updated) {
    put("_id", id_text(id));
    put("_type", type_name(type));
    put("_createdBy", std::string_view(kUserLogin));
    put("_createdAt", created);
    if (updated == 0) return;
    put("_updatedBy", std::string_view(kUserLogin));
    put("_updatedAt", updated);
  }
  void levels(int tlp, int pap) {
    const Version& version = view_.version;
    put("tlp", tlp);
    if (has_labels()) put("tlpLabel", tlp_label(tlp, version < Version{5, 2, 0}));
    put("pap", pap);
    if (has_labels()) put("papLabel", pap_label(pap));
  }
  // Version 4 writes `Alert`, version 5 `alert`.
  std::string type_name(std::string_view type) const {
    std::string out(type);
    if (view_.version.v4() && type != "case_artifact_job") {
      out[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(out[0])));
    }
    return out;
  }
  bool has_labels() const { return view_.version >= Version{5, 2, 0}; }
  bool wants_extra(std::string_view name) const {
    const auto& names = view_.extra_data;
    return std::find(names.begin(), names.end(), name) != names.end();
  }
  json::Writer& writer() { return w_; }
  const View& view() const { return view_; }

 private:
  json::Writer& w_;
  const View& view_;
};

}  // namespace socbridge::sandbox

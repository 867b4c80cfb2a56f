// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "json/writer.h"
#include "soc-sandbox/thehive/api.h"
#include "soc-sandbox/thehive/store/tables.h"

namespace socbridge::sandbox {

// Options for objects in answers: version, excluded members, extra data.
struct View {
  const Tables& tables;
  const Version& version;
  std::vector<std::string> exclude = {};     // `excludeFields` of a query
  std::vector<std::string> extra_data = {};  // `extraData` of its page
};

// The form of OutputAlert, OutputCase and so on in the OpenAPI description; without labels in
// version 4 and before 5.2. old_status(): version 4's status of a case, which has no stages there.
std::string_view old_status(const Case& item);
void write_view(json::Writer& w, const View& view, const Alert& alert);
void write_view(json::Writer& w, const View& view, const Case& item);
void write_view(json::Writer& w, const View& view, const Observable& observable);
void write_view(json::Writer& w, const View& view, const Procedure& procedure);
void write_view(json::Writer& w, const View& view, const Comment& comment);
void write_view(json::Writer& w, const View& view, const CasePage& page);
void write_view(json::Writer& w, const View& view, const Job& job);
void write_view(json::Writer& w, const View& view, const ObservableType& type);
void write_view(json::Writer& w, const View& view, const CustomField& field);

template <typename T>
std::string view_text(const View& view, const T& item) {
  json::Writer w;
  write_view(w, view, item);
  return std::move(w).take();
}

}  // namespace socbridge::sandbox

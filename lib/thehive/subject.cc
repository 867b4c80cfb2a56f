// SPDX-License-Identifier: Apache-2.0
#include "thehive/subject.h"

#include "base/text.h"
#include "http/client.h"

namespace socbridge::thehive {
namespace {

const char* name_of(Subject::Kind kind) {
  switch (kind) {
    case Subject::Kind::alert: return "alert";
    case Subject::Kind::of_case: return "case";
    case Subject::Kind::observable: return "observable";
  }
  return "case";
}

}  // namespace

std::string Subject::text() const { return std::string(name_of(kind)) + " " + printable(id, 100); }

std::string Subject::path(std::string_view tail) const {
  std::string out = "/api/v1/" + std::string(name_of(kind)) + "/" + http::url_encode(id);
  if (!tail.empty()) out.append("/").append(tail);
  return out;
}

}  // namespace socbridge::thehive

// SPDX-License-Identifier: Apache-2.0
#include "thehive/observable_body.h"

#include "thehive/sanitize.h"

namespace socbridge::thehive {

std::string observables_path(const Subject& subject, ApiVersion version) {
  const bool old = version == ApiVersion::v4 && subject.kind == Subject::Kind::alert;
  return subject.path(old ? "artifact" : "observable");
}

void write_shared(json::Writer& w, const Observable& like, ApiVersion version) {
  if (!like.message.empty()) w.member("message", like.message);
  w.member("tlp", like.tlp);
  if (version == ApiVersion::v5) w.member("pap", like.pap);
  w.key("tags");
  w.begin_array();
  for (const std::string& tag : like.tags) w.value(tag);
  w.end_array();
  w.member("ioc", like.ioc);
  if (like.ignore_similarity) w.member("ignoreSimilarity", true);
}

std::vector<Observable> cleaned(const std::vector<Observable>& observables, ApiVersion version) {
  Alert carrier;
  carrier.observables = observables;
  return clean(carrier, version).observables;
}

}  // namespace socbridge::thehive

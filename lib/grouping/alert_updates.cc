// SPDX-License-Identifier: Apache-2.0
#include "grouping/alert_updates.h"

#include <utility>

#include "http/client.h"
#include "json/writer.h"

namespace socbridge::grouping {
namespace {

bool travels_with(const thehive::Observable& a, const thehive::Observable& b) {
  thehive::Observable same = b;
  same.data = a.data;
  return a == same;
}

std::string body_of(const thehive::Observable& like, const std::vector<std::string>& data,
                    bool as_other) {
  json::Writer w;
  w.begin_object();
  w.member("dataType", as_other ? "other" : like.data_type);
  w.key("data");
  w.begin_array();
  for (const std::string& one : data) w.value(one);
  w.end_array();
  w.member("message", like.message);
  w.member("tlp", like.tlp);
  w.member("pap", like.pap);
  w.member("ioc", like.ioc);
  w.member("ignoreSimilarity", like.ignore_similarity);
  w.key("tags");
  w.begin_array();
  for (const std::string& tag : like.tags) w.value(tag);
  if (as_other) w.value("type:" + like.data_type);
  w.end_array();
  w.end_object();
  return std::move(w).take();
}

}  // namespace

std::vector<AlertUpdate> observable_requests(const std::string& alert_id,
                                             const std::string& case_id,
                                             const std::vector<thehive::Observable>& observables,
                                             thehive::ApiVersion version) {
  std::vector<AlertUpdate> out;
  std::vector<bool> done(observables.size(), false);
  for (std::size_t i = 0; i < observables.size(); ++i) {
    if (done[i]) continue;
    std::vector<std::string> data;
    for (std::size_t k = i; k < observables.size(); ++k) {
      if (done[k] || !travels_with(observables[i], observables[k])) continue;
      done[k] = true;
      data.push_back(observables[k].data);
    }
    AlertUpdate request;
    request.method = "POST";
    request.observables = true;
    request.body = body_of(observables[i], data, false);
    if (observables[i].data_type != "other") request.fallback = body_of(observables[i], data, true);
    // Version 4 calls the observables of an alert artifacts (docs/protocols/thehive.md, "Add
    // observables").
    request.path = "/api/v1/alert/" + http::url_encode(alert_id) +
                   (version == thehive::ApiVersion::v4 ? "/artifact" : "/observable");
    out.push_back(request);
    if (case_id.empty()) continue;
    request.path = "/api/v1/case/" + http::url_encode(case_id) + "/observable";
    out.push_back(std::move(request));
  }
  return out;
}

AlertUpdate patch_request(const std::string& alert_id, std::string body) {
  AlertUpdate request;
  request.method = "PATCH";
  request.path = "/api/v1/alert/" + http::url_encode(alert_id);
  request.body = std::move(body);
  return request;
}

}  // namespace socbridge::grouping

// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "json/writer.h"
#include "soc-sandbox/grafana/store.h"

namespace socbridge::sandbox::grafana {
namespace {

void write_body(json::Writer& w, const std::string& body) {
  const auto document = json::Document::parse(body);
  const json::Value root = document->root();
  for (std::size_t i = 0; i < root.size(); ++i) {
    w.key(root.key_at(i));
    w.value(root.value_at(i));
  }
}

}  // namespace

const Store::Source* Store::find_source(const std::string& uid) const {
  const auto found = std::find_if(sources_.begin(), sources_.end(),
                                  [&](const Source& source) { return source.uid == uid; });
  return found == sources_.end() ? nullptr : &*found;
}

Store::Source* Store::find_source(const std::string& uid) {
  return const_cast<Source*>(std::as_const(*this).find_source(uid));
}

// Replaces the stored members by the received ones; secrets are added.
void Store::take(Source& source, json::Value body) {
  source.name = body["name"].text();
  source.type = body["type"].text();
  json::Writer w;
  w.begin_object();
  for (std::size_t i = 0; i < body.size(); ++i) {
    const std::string_view name = body.key_at(i);
    if (name == "secureJsonData" || name == "uid" || name == "version" || name == "status" ||
        name == "message" || name == "readOnly") {
      continue;
    }
    w.key(name);
    w.value(body.value_at(i));
  }
  w.end_object();
  source.body = std::move(w).take();
  const json::Value secrets = body["secureJsonData"];
  for (std::size_t i = 0; i < secrets.size(); ++i) {
    const std::string name(secrets.key_at(i));
    if (std::find(source.secrets.begin(), source.secrets.end(), name) == source.secrets.end()) {
      source.secrets.push_back(name);
    }
  }
}

Response Store::source_answer(const Source& source) {
  json::Writer w;
  w.begin_object();
  w.member("uid", source.uid);
  w.member("version", source.version);
  w.member("readOnly", source.read_only);
  write_body(w, source.body);
  w.key("secureJsonFields");
  w.begin_object();
  for (const std::string& name : source.secrets) w.member(name, true);
  w.end_object();
  w.end_object();
  return json_response(200, std::move(w).take());
}

Response Store::sources() const {
  json::Writer w;
  w.begin_array();
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    const Source& source = sources_[i];
    w.begin_object();
    w.member("id", static_cast<std::int64_t>(i + 1));
    w.member("uid", source.uid);
    w.member("name", source.name);
    w.member("type", source.type);
    w.end_object();
  }
  w.end_array();
  return json_response(200, std::move(w).take());
}

Response Store::source(const std::string& uid) const {
  const Source* found = find_source(uid);
  return found == nullptr ? message(404, "Data source not found") : source_answer(*found);
}

Response Store::source_named(const std::string& name) const {
  for (const Source& source : sources_) {
    if (source.name == name) return source_answer(source);
  }
  return message(404, "Data source not found");
}

Response Store::source_health(const std::string& uid) const {
  const Source* found = find_source(uid);
  if (found == nullptr) return message(404, "Data source not found");
  if (!found->has_test) return message(404, "Not found");  // a plug-in without a test
  json::Writer w;
  w.begin_object();
  w.member("message", found->message);
  w.member("status", found->status);
  w.end_object();
  return json_response(found->status == "OK" ? 200 : 400, std::move(w).take());
}

Response Store::create_source(json::Value body) {
  Source source;
  take(source, body);
  source.uid = body["uid"].text();
  if (source.name.empty() || source.type.empty()) return message(400, "bad request data");
  for (const Source& other : sources_) {
    if (other.name == source.name) {
      return message(409, "data source with the same name already exists");
    }
    if (other.uid == source.uid) {
      return message(409, "data source with the same uid already exists");
    }
  }
  source.has_test = true;
  source.status = "OK";
  source.message = "Data source is working";
  sources_.push_back(source);
  return source_answer(source);
}

Response Store::update_source(const std::string& uid, json::Value body) {
  Source* there = find_source(uid);
  if (there == nullptr) return message(404, "Data source not found");
  if (there->read_only) return message(403, "Cannot update read-only data source");
  const auto version = body["version"].integer();
  if (version && *version != 0 && *version < there->version) {
    return message(409,
                   "Datasource has already been updated by another user. Please reload and try "
                   "again");
  }
  take(*there, body);
  there->version = version.value_or(0) + 1;
  return source_answer(*there);
}

}  // namespace socbridge::sandbox::grafana

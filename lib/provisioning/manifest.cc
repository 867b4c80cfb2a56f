// SPDX-License-Identifier: Apache-2.0
#include "provisioning/manifest.h"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "base/text.h"
#include "base/trusted_path.h"
#include "json/writer.h"
#include "provisioning/compare.h"
#include "provisioning/value_reference.h"
#include "yaml/read_yaml.h"

namespace socbridge::provisioning {
namespace {

constexpr std::size_t kMaxFile = std::size_t{4} << 20;
constexpr std::size_t kMaxUid = 40;  // of Grafana

using Names = std::initializer_list<std::string_view>;

// A file with its path for messages and its folder for relative paths.
struct Source {
  Env& env;
  std::string path, folder;

  Status wrong(const std::string& where, const std::string& why, std::string hint = {}) const {
    return Status::error(ExitCode::usage, printable(path, 300) + ": " + where + ": " + why,
                         std::move(hint));
  }
  std::string beside(const std::string& name) const {
    return name.starts_with('/') ? name : folder + "/" + name;
  }
};

Source source_of(Env& env, const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return {env, path, slash == std::string::npos ? "." : path.substr(0, slash)};
}

Result<json::Document> read_file(const Source& from) {
  const auto fd = open_trusted(from.path, Trust::of_process(), PathKind::file);
  if (!fd.ok()) return Status::error(ExitCode::usage, fd.status().message(), fd.status().hint());
  const auto text = from.env.read_all(fd->get(), kMaxFile);
  if (!text.ok()) return Status::error(ExitCode::usage, text.status().message());
  auto document = yaml::read(*text, yaml::Scalars::typed);
  if (!document.ok()) {
    return Status::error(ExitCode::usage,
                         printable(from.path, 300) + ": " + document.status().message());
  }
  return document;
}

Status check_members(const Source& from, json::Value object, const std::string& where,
                     Names known) {
  if (!object.is_object()) return from.wrong(where, "must be an object");
  for (std::size_t i = 0; i < object.size(); ++i) {
    const std::string_view name = object.key_at(i);
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const std::string_view near = nearest(name, std::vector<std::string_view>(known));
    return from.wrong(where, "unknown member \"" + printable(name, 60) + "\"",
                      near.empty() ? std::string() : "did you mean \"" + std::string(near) + "\"?");
  }
  return {};
}

Result<std::string> uid_of(const Source& from, json::Value object, const std::string& where) {
  std::string uid = object["uid"].text();
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  };
  if (uid.size() > kMaxUid || !std::all_of(uid.begin(), uid.end(), fits)) {
    return from.wrong(where, "\"uid\" must be letters, digits, - and _, at most 40");
  }
  return uid;
}

// Writes values with resolved references, and records which had any.
class Resolver {
 public:
  Resolver(const Source& from, json::Writer& w) : from_(from), w_(w) {}

  Status write(json::Value value, const std::string& path) {
    if (value.is_object()) {
      w_.begin_object();
      for (std::size_t i = 0; i < value.size(); ++i) {
        w_.key(value.key_at(i));
        if (Status bad = write(value.value_at(i), path + pointer_step(value.key_at(i))); !bad.ok())
          return bad;
      }
      w_.end_object();
    } else if (value.is_array()) {
      w_.begin_array();
      for (std::size_t i = 0; i < value.size(); ++i) {
        if (Status bad = write(value.at(i), path + pointer_step(std::to_string(i))); !bad.ok())
          return bad;
      }
      w_.end_array();
    } else if (value.is_string()) {
      const auto text = resolve(from_.env, *value.string(), from_.folder);
      if (!text.ok()) return text.status();
      if (text->reveal() != *value.string()) referenced_.push_back(path);
      w_.value(text->reveal());
    } else {
      w_.value(value);
    }
    return {};
  }
  std::vector<std::string> referenced() && { return std::move(referenced_); }

 private:
  const Source& from_;
  json::Writer& w_;
  std::vector<std::string> referenced_;
};

// Makes paths of `$__file{…}` relative to this file, wherever they are resolved later.
std::string anchored(const Source& from, std::string text) {
  constexpr std::string_view kFile = "$__file{";
  for (std::size_t at = text.find(kFile); at != std::string::npos; at = text.find(kFile, at)) {
    at += kFile.size();
    if (at < text.size() && text[at] != '/') text.insert(at, from.folder + "/");
  }
  return text;
}

Result<DataSourceEntry> read_source(const Source& from, json::Value object,
                                    const std::string& where) {
  Status bad = check_members(from, object, where,
                             {"uid", "name", "type", "access", "url", "user", "database",
                              "basicAuth", "basicAuthUser", "withCredentials", "isDefault",
                              "jsonData", "secureJsonData", "editable", "orgId", "version"});
  if (!bad.ok()) return bad;
  DataSourceEntry out;
  auto uid = uid_of(from, object, where);
  if (!uid.ok()) return uid.status();
  out.uid = std::move(*uid);
  out.name = object["name"].text();
  out.type = object["type"].text();
  if (out.uid.empty() || out.name.empty() || out.type.empty()) {
    return from.wrong(where, "needs \"uid\", \"name\" and \"type\"");
  }
  json::Writer w;
  Resolver resolver(from, w);
  w.begin_object();
  for (std::size_t i = 0; i < object.size(); ++i) {
    const std::string_view name = object.key_at(i);
    const Names not_sent = {"secureJsonData", "editable", "orgId", "version"};
    if (std::find(not_sent.begin(), not_sent.end(), name) != not_sent.end()) continue;
    w.key(name);
    if (bad = resolver.write(object.value_at(i), pointer_step(name)); !bad.ok()) {
      return from.wrong(where, bad.message(), bad.hint());
    }
  }
  w.end_object();
  out.body = std::move(w).take();
  out.referenced = std::move(resolver).referenced();
  const json::Value secrets = object["secureJsonData"];
  for (std::size_t i = 0; i < secrets.size(); ++i) {
    const std::string name(secrets.key_at(i)), text = secrets.value_at(i).text();
    if (text.find("$__") == std::string::npos) {
      return from.wrong(where, "the secret \"" + printable(name, 60) + "\" is in the file itself",
                        "write it into a separate file and $__file{PATH} here");
    }
    out.secrets.emplace_back(name, anchored(from, text));
  }
  return out;
}

Status read_sources(const Source& from, json::Value list, Manifest& out) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string where = "data source " + std::to_string(i + 1);
    auto one = read_source(from, list.at(i), where);
    if (!one.ok()) return one.status();
    for (const DataSourceEntry& other : out.data_sources) {
      if (other.uid == one->uid || other.name == one->name) {
        return from.wrong(where, "another data source has the same uid or name");
      }
    }
    out.data_sources.push_back(std::move(*one));
  }
  return {};
}

Status read_sources_file(Env& env, const std::string& path, Manifest& out) {
  const Source from = source_of(env, path);
  const auto document = read_file(from);
  if (!document.ok()) return document.status();
  const json::Value list = document->root()["datasources"];
  if (!list.is_array()) return from.wrong("\"datasources\"", "must be a list");
  return read_sources(from, list, out);
}

Result<DashboardEntry> read_dashboard(const Source& from, json::Value object,
                                      const std::string& where) {
  if (Status bad =
          check_members(from, object, where, {"file", "grafana_com", "revision", "uid", "inputs"});
      !bad.ok()) {
    return bad;
  }
  DashboardEntry out;
  auto uid = uid_of(from, object, where);
  if (!uid.ok()) return uid.status();
  out.uid = std::move(*uid);
  const std::string file = object["file"].text();
  const auto whole = [&](const char* name) {
    return object[name] ? object[name].integer().value_or(-1) : 0;
  };
  out.number = whole("grafana_com");
  out.revision = whole("revision");
  if (out.number < 0 || out.revision < 0) {
    return from.wrong(where, "\"grafana_com\" and \"revision\" are whole numbers");
  }
  if (file.empty() == (out.number == 0)) {
    return from.wrong(where, "needs either \"file\" or \"grafana_com\"");
  }
  if (!file.empty()) out.file = from.beside(file);
  const json::Value inputs = object["inputs"];
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    out.inputs.emplace_back(inputs.key_at(i), inputs.value_at(i).text());
  }
  return out;
}

}  // namespace

Result<Manifest> read_manifest(Env& env, const std::string& path, const std::string& sources_file) {
  const Source from = source_of(env, path);
  const auto document = read_file(from);
  if (!document.ok()) return document.status();
  const json::Value root = document->root();
  Status bad = check_members(from, root, "manifest", {"folder", "data_sources", "dashboards"});
  if (!bad.ok()) return bad;
  Manifest out;
  const json::Value folder = root["folder"];
  if (bad = check_members(from, folder, "\"folder\"", {"uid", "title"}); !bad.ok()) return bad;
  auto uid = uid_of(from, folder, "\"folder\"");
  if (!uid.ok()) return uid.status();
  out.folder_uid = std::move(*uid);
  out.folder_title = folder["title"].text();
  if (out.folder_uid.empty() || out.folder_title.empty()) {
    return from.wrong("\"folder\"", "needs \"uid\" and \"title\"");
  }
  const json::Value sources = root["data_sources"];
  if (!sources_file.empty()) {
    bad = read_sources_file(env, sources_file, out);
  } else if (sources.is_string()) {
    bad = read_sources_file(env, from.beside(sources.text()), out);
  } else if (sources && !sources.is_array()) {
    bad = from.wrong("\"data_sources\"", "must be a list or the path of a provisioning file");
  } else {
    bad = read_sources(from, sources, out);
  }
  if (!bad.ok()) return bad;
  const json::Value boards = root["dashboards"];
  if (boards && !boards.is_array()) return from.wrong("\"dashboards\"", "must be a list");
  for (std::size_t i = 0; i < boards.size(); ++i) {
    auto one = read_dashboard(from, boards.at(i), "dashboard " + std::to_string(i + 1));
    if (!one.ok()) return one.status();
    out.dashboards.push_back(std::move(*one));
  }
  return out;
}

}  // namespace socbridge::provisioning

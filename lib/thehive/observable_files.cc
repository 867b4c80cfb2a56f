// SPDX-License-Identifier: Apache-2.0
#include "thehive/observable_files.h"

#include <utility>

#include "base/text.h"
#include "hash/file_digest.h"
#include "json/writer.h"
#include "thehive/observable_body.h"
#include "thehive/query.h"

namespace socbridge::thehive {
namespace {

std::string question(const Observable& like, ApiVersion version) {
  Observable shared = like;
  shared.data = "file";  // a path is not a value that may be cut
  json::Writer w;
  w.begin_object();
  w.member("dataType", "file");
  for (const Observable& one : cleaned({shared}, version)) write_shared(w, one, version);
  w.end_object();
  return std::move(w).take();
}

std::string name_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }

}  // namespace

Result<std::optional<ObservableInfo>> find_file(Client& client, const Subject& subject,
                                                const std::string& sha256,
                                                const Deadline& deadline) {
  std::optional<ObservableInfo> found;
  const Status listed = for_each(
      client,
      {"socctl-observables-present",
       Query(subject).to("observables").where(filter::is("dataType", "file"))},
      [&](json::Value one) {
        ObservableInfo info = read_observable(one);
        if (info.sha256 != sha256) return true;
        found = std::move(info);
        return false;
      },
      deadline);
  if (!listed.ok()) return listed;
  return found;
}

Result<FileAdded> add_file(Env& env, Client& client, const Subject& subject, const Observable& like,
                           const Deadline& deadline) {
  const auto sha256 = sha256_of_file(env, like.data);
  if (!sha256.ok()) return Status::error(ExitCode::usage, sha256.status().message());
  const auto before = find_file(client, subject, *sha256, deadline);
  if (!before.ok()) return before.status();
  if (*before) return FileAdded{**before, true};
  const auto version = client.version(deadline);
  if (!version.ok()) return version.status();
  const http::Outcome outcome =
      client.perform_form("POST", observables_path(subject, version->api),
                          {{"_json", question(like, version->api), {}, {}, {}},
                           {"attachment", {}, like.data, name_of(like.data), {}}},
                          deadline);
  const auto answer = accepted("adding a file to " + subject.text(), outcome);
  if (!answer.ok() && !outcome.ambiguous()) return answer.status();
  if (answer.ok()) {
    const json::Value root = answer->root();
    const json::Value stored = root.is_array() ? root : root["success"];
    if (stored.size() > 0) return FileAdded{read_observable(stored.at(0)), false};
  }
  const auto after = find_file(client, subject, *sha256, deadline);
  if (after.ok() && *after) return FileAdded{**after, false};
  if (!answer.ok()) return answer.status();
  const json::Value failed = answer->root()["failure"];
  const std::string why(failed.at(0)["message"].string().value_or("TheHive answered without it"));
  return Status::error(ExitCode::refused, printable(why, 300));
}

}  // namespace socbridge::thehive

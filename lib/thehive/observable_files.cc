#include "thehive/observable_files.h"

#include <utility>

#include "base/file_digest.h"
#include "base/text.h"
#include "json/writer.h"
#include "thehive/query.h"

namespace socbridge::thehive {
namespace {

std::string question(const Observable& like, bool with_pap) {
  json::Writer w;
  w.begin_object();
  w.member("dataType", "file");
  if (!like.message.empty()) {
    w.member("message", truncate_utf16(repair_utf8(like.message), limits::kMessage));
  }
  w.member("tlp", like.tlp);
  if (with_pap) w.member("pap", like.pap);
  w.key("tags");
  w.begin_array();
  for (const std::string& tag : like.tags) w.value(repair_utf8(tag));
  w.end_array();
  w.member("ioc", like.ioc);
  if (like.ignore_similarity) w.member("ignoreSimilarity", true);
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
      client, "socctl-observables-present",
      Query(subject).to("observables").where(filter::is("dataType", "file")),
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
  const bool v4 = version->api == ApiVersion::v4;
  // Version 4 has another path for alerts (facts 1.9) and no PAP.
  const bool old = v4 && subject.kind == Subject::Kind::alert;
  const http::Outcome outcome =
      client.perform_form("POST", subject.path(old ? "artifact" : "observable"),
                          {{"_json", question(like, !v4), {}, {}, {}},
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

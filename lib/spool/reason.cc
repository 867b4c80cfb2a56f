// SPDX-License-Identifier: Apache-2.0
#include "spool/reason.h"

#include <cerrno>
#include <utility>

#include "json/value.h"
#include "json/writer.h"

namespace socbridge::spool {

std::string reason_json(const Reason& reason) {
  json::Writer w;
  w.begin_object();
  w.member("at_ms", static_cast<std::int64_t>(reason.at_ms));
  w.member("attempts", reason.attempts);
  w.member("http_status", reason.http_status);
  w.member("kind", reason.kind);
  w.member("message", reason.message);
  w.member("first_failure_ms", static_cast<std::int64_t>(reason.first_failure_ms));
  w.member("ambiguous", reason.ambiguous);
  if (!reason.left_out.empty()) w.member("left_out", reason.left_out);
  w.end_object();
  return std::move(w).take();
}

Status write_reason(Env& env, const std::string& fresh, const std::string& path,
                    const Reason& reason) {
  constexpr mode_t kMode = 0600;
  const std::string folder = path.substr(0, path.rfind('/'));
  auto fd = env.create_new(fresh, kMode);
  if (!fd.ok() && fd.status().sys_errno() == EEXIST) {  // left by a crash; we hold the claim
    const Status gone = env.unlink(fresh);
    if (gone.ok()) fd = env.create_new(fresh, kMode);
  }
  if (!fd.ok()) return fd.status();
  Status status = env.write_all(fd->get(), reason_json(reason) + "\n");
  if (status.ok()) status = env.rename(fresh, path);
  return status;
}

std::optional<Reason> read_reason(Env& env, const std::string& path, bool* absent) {
  constexpr std::size_t kMax = 65536;
  const auto text = env.read_file(path, kMax);
  if (absent != nullptr) *absent = !text.ok() && text.status().sys_errno() == ENOENT;
  if (!text.ok()) return std::nullopt;
  const auto document = json::Document::parse(*text);
  if (!document.ok()) return std::nullopt;
  const json::Value root = document->root();
  Reason reason;
  reason.at_ms = root["at_ms"].integer().value_or(0);
  reason.attempts = static_cast<int>(root["attempts"].integer().value_or(0));
  reason.http_status = static_cast<int>(root["http_status"].integer().value_or(0));
  reason.kind = root["kind"].string_text();
  reason.message = root["message"].string_text();
  reason.first_failure_ms = root["first_failure_ms"].integer().value_or(0);
  reason.ambiguous = root["ambiguous"].boolean().value_or(false);
  reason.left_out = root["left_out"].string_text();
  return reason;
}

}  // namespace socbridge::spool

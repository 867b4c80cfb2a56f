// SPDX-License-Identifier: Apache-2.0
#include "provisioning/value_reference.h"

#include <cstdlib>

#include "base/text.h"
#include "base/trusted_path.h"

namespace socbridge::provisioning {
namespace {

constexpr std::size_t kMaxFile = std::size_t{256} << 10;

Status wrong(const std::string& why, std::string hint = {}) {
  return Status::error(ExitCode::usage, why, std::move(hint));
}

Result<std::string> content_of(Env& env, const std::string& named, const std::string& folder) {
  const std::string path = named.starts_with('/') || folder.empty() ? named : folder + "/" + named;
  const auto fd = open_trusted(path, Trust::of_process(), PathKind::file);
  if (!fd.ok()) return wrong(fd.status().message(), fd.status().hint());
  const auto bytes = env.read_all(fd->get(), kMaxFile);
  if (!bytes.ok()) return wrong(printable(path) + ": " + bytes.status().message());
  return std::string(trim(*bytes));
}

Result<std::string> variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value != nullptr) return std::string(value);
  return wrong("the environment variable " + printable(name, 60) + " is not set");
}

}  // namespace

Result<Secret> resolve(Env& env, std::string_view text, const std::string& folder) {
  constexpr std::string_view kFile = "$__file{";
  constexpr std::string_view kVariable = "$__env{";
  std::string out;
  while (!text.empty()) {
    const std::size_t file = text.find(kFile), named = text.find(kVariable);
    const std::size_t at = std::min(file, named);
    out += text.substr(0, at);
    if (at == std::string_view::npos) break;
    text.remove_prefix(at + (file < named ? kFile.size() : kVariable.size()));
    const std::size_t end = text.find('}');
    if (end == std::string_view::npos) return wrong("a $__file{ or $__env{ without its }");
    const std::string name(text.substr(0, end));
    text.remove_prefix(end + 1);
    auto value = file < named ? content_of(env, name, folder) : variable(name);
    if (!value.ok()) return value.status();
    out += *value;
    secure_wipe(value->data(), value->size());
  }
  Secret secret(out);
  secure_wipe(out.data(), out.size());
  return secret;
}

}  // namespace socbridge::provisioning

// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/client.h"

#include "base/text.h"
#include "json/answer.h"
#include "json/writer.h"

namespace socbridge::kubernetes {
namespace {

http::ClientOptions options_for(const Cluster& cluster) {
  http::ClientOptions options;
  options.tls.ca_file = cluster.ca_file;
  options.tls.client_cert_file = cluster.cert_file;
  options.tls.client_key_file = cluster.key_file;
  return options;
}

std::string review(const char* kind, const std::string& spec) {
  return std::string(R"({"apiVersion":"authorization.k8s.io/v1","kind":")") + kind +
         R"(","spec":)" + spec + "}";
}

std::string access_spec(const Right& right, const std::string& space) {
  const std::size_t slash = right.resource.find('/');
  json::Writer w;
  w.begin_object();
  w.key("resourceAttributes");
  w.begin_object();
  w.member("namespace", space);
  w.member("verb", right.verb);
  w.member("group", right.group);
  w.member("resource", right.resource.substr(0, slash));
  if (slash != std::string::npos) w.member("subresource", right.resource.substr(slash + 1));
  w.end_object();
  w.end_object();
  return std::move(w).take();
}

}  // namespace

Client::Client(const Cluster& cluster, std::string_view account)
    : http_(options_for(cluster)), server_(cluster.server), token_(cluster.token) {
  if (account.empty()) return;
  const std::size_t colon = account.find(':');
  const std::string space =
      colon == std::string_view::npos ? cluster.space : std::string(account.substr(0, colon));
  const std::string_view name =
      colon == std::string_view::npos ? account : account.substr(colon + 1);
  user_ = "system:serviceaccount:" + space + ":" + std::string(name);
}

Result<json::Document> Client::send(const char* method, const std::string& path, std::string body,
                                    const Deadline& deadline) {
  http::Request request;
  request.method = method;
  request.url = http::join_url(server_, path);
  request.headers.emplace_back("Accept", "application/json");
  if (!user_.empty()) request.headers.emplace_back("Impersonate-User", user_);
  request.bearer = token_;
  request.body = std::move(body);
  if (!request.body.empty()) request.content_type = "application/json";
  request.timeout_ms = deadline.left_ms();
  http::Outcome outcome = http_.perform(request);
  const std::string what = "Kubernetes at " + printable(server_, 100) + ": ";
  if (!outcome.answered())
    return Status::error(ExitCode::unreachable,
                         what + printable(redact(std::move(outcome.error), token_), 300));
  const http::Response& response = outcome.response;
  auto document = json::parse_answer(response.body);
  if (response.status >= 200 && response.status < 300) {
    if (document.ok()) return document;
    return Status::error(ExitCode::refused, what + "the answer is not JSON",
                         "check that the URL is the API server's own");
  }
  std::string words = "HTTP " + std::to_string(response.status);
  if (document.ok()) words += " " + document->root()["message"].string_text();
  const bool auth = response.status == 401 || response.status == 403;
  const ExitCode code = auth                     ? ExitCode::auth
                        : response.status >= 500 ? ExitCode::unreachable
                                                 : ExitCode::refused;
  return Status::error(
      code, what + printable(redact(words, token_), 300),
      response.status == 401   ? "the token has expired or is not known to the server"
      : auth && !user_.empty() ? "a review for another account needs the right to impersonate it"
                               : "");
}

Result<std::string> Client::version(const Deadline& deadline) {
  const auto document = send("GET", "/version", {}, deadline);
  if (!document.ok()) return document.status();
  return printable(document->root()["gitVersion"].string().value_or("unknown"), 40);
}

Result<bool> Client::allowed(const Right& right, const std::string& space,
                             const Deadline& deadline) {
  const auto document =
      send("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
           review("SelfSubjectAccessReview", access_spec(right, space)), deadline);
  if (!document.ok()) return document.status();
  const auto allowed = document->root()["status"]["allowed"].boolean();
  if (!allowed) return Status::error(ExitCode::refused, "Kubernetes gave no answer to a review");
  return *allowed;
}

Result<Client::Rules> Client::rules(const std::string& space, const Deadline& deadline) {
  json::Writer w;
  w.begin_object();
  w.member("namespace", space);
  w.end_object();
  const auto document = send("POST", "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews",
                             review("SelfSubjectRulesReview", w.text()), deadline);
  if (!document.ok()) return document.status();
  const json::Value status = document->root()["status"];
  return Rules{read_rules(status["resourceRules"]), status["incomplete"].boolean().value_or(false)};
}

}  // namespace socbridge::kubernetes

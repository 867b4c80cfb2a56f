#include "mapping/observable_table.h"

#include <array>

namespace socbridge::mapping {
namespace {

using enum Shape;

constexpr Row kData[] = {
    {"srcip", "ip"}, {"dstip", "ip"}, {"url", "url"}, {"md5", "hash"}, {"sha256", "hash"},
    {"srcuser", "username"}, {"dstuser", "username"},
    {"sha1", "hash"}, {"hash", "hash"}, {"file_digest", "hash"}, {"sha512", "hash"},
    {"src_ip", "ip"}, {"dest_ip", "ip"}, {"dst_ip", "ip"}, {"ip", "ip"}, {"ip_address", "ip"},
    {"address", "ip"}, {"host_ip", "ip"}, {"ipaddr", "ip"}, {"nat_srcip", "ip"},
    {"nat_dstip", "ip"}, {"nat_source_ip", "ip"}, {"nat_destination_ip", "ip"},
    {"mapped_src_ip", "ip"}, {"mapped_dst_ip", "ip"}, {"tran_src_ip", "ip"},
    {"tran_dst_ip", "ip"}, {"transip", "ip"}, {"xff_address", "ip", list}, {"tunnelip", "ip"},
    {"assignip", "ip"}, {"remip", "ip"}, {"locip", "ip"}, {"client_dyn_ip", "ip"},
    {"source_address", "ip"}, {"destination_address", "ip"}, {"callerIpAddress", "ip"},
    {"smac", "mac"}, {"dmac", "mac"}, {"src_mac", "mac"}, {"mac", "mac"}, {"mac_address", "mac"},
    {"srcmac", "mac"},
    {"hostname", "hostname"}, {"host", "hostname"}, {"dhost", "hostname"},
    {"dvchost", "hostname"}, {"dst_host", "hostname"}, {"srchost", "hostname"},
    {"source_hostname", "hostname"}, {"destination_hostname", "hostname"},
    {"HostName", "hostname"}, {"TargetHostName", "hostname"},
    {"domain", "domain"}, {"uri", "url"}, {"URL", "url"}, {"user_agent", "user-agent"},
    {"username", "username"}, {"user", "username"}, {"user_name", "username"},
    {"userid", "username"}, {"source_user", "username"}, {"destination_user", "username"},
    {"client_user", "username"}, {"database_user", "username"}, {"xauthuser", "username"},
    {"new_user", "username"}, {"removed_user", "username"}, {"LoggedUser", "username"},
    {"e-mail", "mail", list}, {"src_email", "mail", list}, {"sender", "mail", list},
    {"recipient", "mail", list},
    {"file", "filename"}, {"filename", "filename"}, {"infected_file_path", "filename"},
    {"target_file", "filename"}, {"TargetFileName", "filename"}, {"path", "filename"},
    {"TargetPath", "filename"}, {"Path", "filename"},
    {"ClientIP", "ip"}, {"ClientRequestURI", "url"}, {"ClientRequestHost", "domain"},
    {"OriginIP", "ip"}, {"SourceProcessHash", "hash"}, {"partial_hash", "hash"},
    {"ParentHash", "hash"}, {"ChildHash", "hash"},
};
constexpr Row kAudit[] = {{"exe", "filename"}, {"file.name", "filename"}, {"directory.name", "filename"},
                          {"srcip", "ip"}};
constexpr Row kYara[] = {{"scanned_file", "filename"}, {"reference", "url"}};
constexpr Row kEventData[] = {
    {"ipAddress", "ip", eventdata}, {"sourceIp", "ip", eventdata},
    {"destinationIp", "ip", eventdata}, {"sourceAddress", "ip", eventdata},
    {"destAddress", "ip", eventdata}, {"destinationHostname", "hostname", eventdata},
    {"sourceHostname", "hostname", context}, {"workstationName", "hostname", eventdata},
    {"workstation", "hostname", eventdata}, {"queryName", "domain", eventdata},
    {"queryResults", "auto", results}, {"hashes", "hash", hashes}, {"hash", "hash", hashes},
    {"image", "filename", eventdata}, {"parentImage", "filename", eventdata},
    {"sourceImage", "filename", eventdata}, {"targetImage", "filename", eventdata},
    {"imageLoaded", "filename", eventdata}, {"targetFilename", "filename", eventdata},
    {"processName", "filename", eventdata}, {"newProcessName", "filename", eventdata},
    {"parentProcessName", "filename", eventdata}, {"imagePath", "filename", eventdata},
    {"serviceFileName", "filename", eventdata}, {"path", "filename", eventdata},
    {"originalFileName", "filename", eventdata}, {"application", "filename", eventdata},
    {"targetObject", "registry", eventdata}, {"objectName", "registry", eventdata},
    {"user", "username", eventdata}, {"targetUserName", "username", eventdata},
    {"subjectUserName", "username", eventdata}, {"sourceUser", "username", eventdata},
    {"targetUser", "username", eventdata}, {"accountName", "username", eventdata},
    {"samAccountName", "username", eventdata}, {"shareName", "filename", eventdata},
    {"relativeTargetName", "filename", eventdata}, {"url", "url", eventdata},
    {"remoteName", "url", eventdata},
};
constexpr Row kSystem[] = {{"computer", "hostname", context}};
constexpr Row kSysmonLinux[] = {
    {"SourceIp", "ip"}, {"DestinationIp", "ip"}, {"DestinationHostname", "hostname"},
    {"Image", "filename"}, {"ParentImage", "filename"}, {"TargetFilename", "filename"},
    {"User", "username"},
};
constexpr Row kSysmonLinuxLower[] = {
    {"sourceIp", "ip"}, {"destinationIp", "ip"}, {"destinationHostname", "hostname"},
    {"image", "filename"}, {"parentImage", "filename"}, {"targetFilename", "filename"},
    {"user", "username"},
};
constexpr Row kOsquery[] = {
    {"address", "ip"}, {"remote_address", "ip"}, {"local_address", "ip"}, {"path", "filename"},
    {"sha256", "hash"}, {"md5", "hash"}, {"username", "username"}, {"hostnames", "hostname", list},
    {"domain", "domain"}, {"url", "url"},
};
constexpr Row kSyscheck[] = {
    {"md5_after", "hash"}, {"sha1_after", "hash"}, {"sha256_after", "hash"},
    {"path", "registry_or_file"}, {"uname_after", "username"}, {"audit.user.name", "username"},
    {"audit.login_user.name", "username"}, {"audit.effective_user.name", "username"},
    {"audit.process.name", "filename"},
};
constexpr Row kFlow[] = {{"src_ip", "ip"}, {"dest_ip", "ip"}};
constexpr Row kHttp[] = {{"hostname", "domain"}, {"url", "url"}, {"http_user_agent", "user-agent"},
                         {"http_refer", "url"}};
constexpr Row kDns[] = {{"rrname", "domain"}, {"query.rrname", "domain"}, {"queries.rrname", "domain"},
                        {"question.name", "domain"}};
constexpr Row kTls[] = {{"sni", "domain"}, {"fingerprint", "other"}, {"ja3.hash", "other"}};
constexpr Row kFileinfo[] = {{"filename", "filename"}, {"md5", "hash"}, {"sha1", "hash"}, {"sha256", "hash"}};
constexpr Row kEmail[] = {{"from", "mail", list}, {"to", "mail", list}};
constexpr Row kAws[] = {
    {"sourceIPAddress", "ip"}, {"source_ip_address", "ip"}, {"srcaddr", "ip"}, {"dstaddr", "ip"},
    {"service.action.networkConnectionAction.remoteIpDetails.ipAddressV4", "ip"},
    {"service.action.portProbeAction.portProbeDetails.remoteIpDetails.ipAddressV4", "ip"},
    {"service.action.awsApiCallAction.remoteIpDetails.ipAddressV4", "ip"},
    {"service.action.dnsRequestAction.domain", "domain"},
    {"resource.instanceDetails.networkInterfaces.publicIp", "ip", context},
    {"resource.instanceDetails.networkInterfaces.privateIpAddress", "ip", context},
    {"resource.instanceDetails.networkInterfaces.publicDnsName", "domain", context},
    {"httpRequest.clientIp", "ip"}, {"client_ip", "ip"}, {"httpRequest.uri", "url"},
    {"userIdentity.userName", "username"}, {"userAgent", "user-agent"}, {"user_agent", "user-agent"},
    {"url", "url"}, {"requestParameters.bucketName", "other"},
    {"src_endpoint.ip", "ip"}, {"dst_endpoint.ip", "ip"}, {"query.hostname", "domain"},
    {"actor.user.name", "username"},
};
constexpr Row kOffice[] = {
    {"ClientIP", "ip"}, {"ClientIPAddress", "ip"}, {"ActorIpAddress", "ip"},
    {"UserId", "mail_or_user"}, {"ObjectId", "url"}, {"SiteUrl", "url"},
    {"SourceFileName", "filename"}, {"UserAgent", "user-agent"},
};
constexpr Row kGithub[] = {{"actor", "username"}, {"actor_ip", "ip"}, {"user", "username"},
                           {"repo", "other"}, {"user_agent", "user-agent"}};
constexpr Row kGcp[] = {
    {"jsonPayload.sourceIP", "ip"}, {"jsonPayload.queryName", "domain"},
    {"protoPayload.requestMetadata.callerIp", "ip"},
    {"protoPayload.authenticationInfo.principalEmail", "mail"},
};
constexpr Row kMsGraph[] = {
    {"ipAddress", "ip"}, {"actor.ipAddress", "ip"}, {"userPrincipalName", "mail_or_user"},
    {"emailAddress", "mail"}, {"deviceName", "hostname"},
    {"evidence.ipAddress", "ip"}, {"evidence.fileDetails.sha256", "hash"},
    {"evidence.fileDetails.fileName", "filename"},
};
constexpr Row kDocker[] = {{"Actor.Attributes.image", "other"}, {"from", "other"}};
constexpr Row kVirustotal[] = {{"source.file", "filename"}, {"source.md5", "hash"},
                               {"source.sha1", "hash"}, {"sha1", "hash"}};
constexpr Row kIndicator[] = {{"ip", "ip"}, {"name", "auto"}, {"file.hash.md5", "hash"},
                              {"file.hash.sha1", "hash"}, {"file.hash.sha256", "hash"}};
constexpr Row kVulnerability[] = {{"cve", "other"}};
constexpr Row kMisp[] = {{"value", "auto"}, {"source.value", "auto"}};
constexpr Row kOpencti[] = {{"observable_value", "auto"}, {"source.value", "auto"}};
constexpr Row kAbuse[] = {{"source.srcip", "ip"}, {"srcip", "ip"}, {"domain", "domain"}};
constexpr Row kCylance[] = {{"md5", "hash"}, {"sha256", "hash"}, {"file_path", "filename"}};
constexpr Row kQualys[] = {{"ip", "ip"}, {"dns_hostname", "hostname"}};
constexpr Row kAgent[] = {{"ip", "ip", context}, {"name", "hostname", context}};
constexpr Row kPredecoder[] = {{"hostname", "hostname", context}};
// Wazuh 5 findings, at the root of the document.
constexpr Row kV5[] = {
    {"source.ip", "ip"}, {"destination.ip", "ip"}, {"client.ip", "ip"}, {"related.ip", "ip"},
    {"user.name", "username"}, {"user.target.name", "username"}, {"related.user", "username"},
    {"url.original", "url"}, {"url.full", "url"}, {"url.domain", "domain"},
    {"file.hash.md5", "hash"}, {"file.hash.sha1", "hash"}, {"file.hash.sha256", "hash"},
    {"process.hash.md5", "hash"}, {"process.hash.sha1", "hash"}, {"process.hash.sha256", "hash"},
    {"related.hash", "hash"}, {"file.path", "registry_or_file"}, {"process.executable", "filename"},
    {"dns.question.name", "domain"}, {"user_agent.original", "user-agent"},
    {"email.from.address", "mail"}, {"email.to.address", "mail"}, {"registry.path", "registry"},
};

constexpr std::array kBranches = {
    Branch{"data", kData}, Branch{"syscheck", kSyscheck}, Branch{"data.audit", kAudit},
    Branch{"data.YARA", kYara}, Branch{"data.win.eventdata", kEventData},
    Branch{"data.win.system", kSystem}, Branch{"data.Event.EventData.Data", kSysmonLinux},
    Branch{"data.eventdata", kSysmonLinuxLower}, Branch{"data.eventdata", kSysmonLinux},
    Branch{"data.osquery.columns", kOsquery}, Branch{"data.flow", kFlow}, Branch{"data.http", kHttp},
    Branch{"data.dns", kDns}, Branch{"data.tls", kTls}, Branch{"data.fileinfo", kFileinfo},
    Branch{"data.email", kEmail}, Branch{"data.aws", kAws}, Branch{"data.office365", kOffice},
    Branch{"data.github", kGithub}, Branch{"data.gcp", kGcp}, Branch{"data.ms-graph", kMsGraph},
    Branch{"data.docker", kDocker}, Branch{"data.virustotal", kVirustotal},
    Branch{"data.threat.indicator", kIndicator}, Branch{"data.vulnerability", kVulnerability},
    Branch{"data.misp", kMisp}, Branch{"data.opencti", kOpencti}, Branch{"data.abuseipdb", kAbuse},
    Branch{"data.cylance_threats", kCylance}, Branch{"data.cylance_events", kCylance},
    Branch{"data.qualysguard", kQualys}, Branch{"predecoder", kPredecoder}, Branch{"agent", kAgent},
    Branch{"", kV5},
};

}  // namespace

std::span<const Branch> observable_table() { return kBranches; }

}  // namespace socbridge::mapping

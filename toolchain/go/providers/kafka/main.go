// Command kafka is the Pulumi plugin behind @pulumi/kafka, made from the Terraform provider that the official one bridges.
package main

import (
	"cdc/toolchain/providers/bridge"

	"github.com/Mongey/terraform-provider-kafka/kafka"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	shimv2 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
)

func resource(name string) *tfbridge.ResourceInfo {
	return &tfbridge.ResourceInfo{Tok: bridge.Resource("kafka", name)}
}

func main() {
	bridge.Serve(tfbridge.ProviderInfo{
		P:    shimv2.NewProvider(kafka.Provider()),
		Name: "kafka",
		Config: map[string]*tfbridge.SchemaInfo{
			"tls_enabled":     {Default: &tfbridge.DefaultInfo{Value: true}},
			"skip_tls_verify": {Default: &tfbridge.DefaultInfo{Value: false}},
			"sasl_mechanism":  {Default: &tfbridge.DefaultInfo{Value: "plain"}},
		},
		Resources: map[string]*tfbridge.ResourceInfo{
			"kafka_acl":                   resource("Acl"),
			"kafka_quota":                 resource("Quota"),
			"kafka_topic":                 resource("Topic"),
			"kafka_user_scram_credential": resource("UserScramCredential"),
		},
		DataSources: map[string]*tfbridge.DataSourceInfo{
			"kafka_topic":  {Tok: bridge.DataSource("kafka", "getTopic")},
			"kafka_topics": {Tok: bridge.DataSource("kafka", "getTopics")},
		},
	})
}

// A consumer in Go. It prints each change, commits what it has printed, and answers health checks over HTTP.
//
// docs/consumer.md describes its environment variables and the form of the records: "A consumer of your own".
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"regexp"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// operations are the names of Debezium's letters.
var operations = map[string]string{
	"r": "snapshot", "c": "create", "u": "update", "d": "delete", "t": "truncate", "m": "message",
}

// row stays JSON, because Go's numbers would round an integer beyond 2^53.
type row = json.RawMessage

// envelope has the parts of Debezium's record that are read here.
type envelope struct {
	Op     string `json:"op"`
	Before row    `json:"before"`
	After  row    `json:"after"`
	// Names of columns with large values that an update did not change: neither row has them.
	Unchanged []string `json:"unchanged"`
	Source    row      `json:"source"`
}

type line struct {
	Op        string   `json:"op"`
	Topic     string   `json:"topic"`
	Key       row      `json:"key"`
	Before    row      `json:"before"`
	After     row      `json:"after"`
	Unchanged []string `json:"unchanged,omitempty"`
}

// other is a record of another form: what a transform has sent to a topic of its own, as an outbox's payload.
type other struct {
	Topic string `json:"topic"`
	Key   row    `json:"key"`
	Value row    `json:"value"`
}

// handle prints one record. A null value is a tombstone: it comes after a delete, and lets Kafka compact the key.
func handle(record *kgo.Record) error {
	if record.Value == nil {
		return nil
	}
	out := json.NewEncoder(os.Stdout)
	var change envelope
	if err := json.Unmarshal(record.Value, &change); err != nil || !change.isChange() {
		return out.Encode(other{Topic: record.Topic, Key: read(record.Key), Value: read(record.Value)})
	}
	return out.Encode(line{
		Op:        operations[change.Op],
		Topic:     record.Topic,
		Key:       read(record.Key),
		Before:    change.Before,
		After:     change.After,
		Unchanged: change.Unchanged,
	})
}

// isChange tells Debezium's form from others, which may have a column op.
func (change *envelope) isChange() bool {
	return operations[change.Op] != "" && (change.After != nil || strings.HasPrefix(string(change.Source), "{"))
}

// read gives a key or a value. A transform, or a converter of somebody's own, may have made it something else than JSON: its text then.
func read(data []byte) row {
	if len(data) == 0 {
		return nil
	}
	if json.Valid(data) {
		return data
	}
	text, _ := json.Marshal(string(data))
	return text
}

func main() {
	stopping, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	if err := run(stopping); err != nil {
		log.Fatal(err)
	}
}

func run(stopping context.Context) error {
	// How many partitions this process reads now.
	var assigned atomic.Int64
	given := func(_ context.Context, _ *kgo.Client, topics map[string][]int32) { assigned.Add(count(topics)) }
	taken := func(_ context.Context, _ *kgo.Client, topics map[string][]int32) { assigned.Add(-count(topics)) }
	for _, name := range []string{"KAFKA_BROKERS", "KAFKA_GROUP_ID", "KAFKA_TOPICS", "HTTP_PORT"} {
		if os.Getenv(name) == "" {
			return fmt.Errorf("%s is not set. The stack sets it for the image that cdc:consumer names: docs/consumer.md", name)
		}
	}
	client, err := kgo.NewClient(append(topics(),
		kgo.SeedBrokers(listed("KAFKA_BROKERS")...),
		kgo.ConsumerGroup(os.Getenv("KAFKA_GROUP_ID")),
		// Otherwise nothing would say that the broker cannot be reached. Standard output is for the changes.
		kgo.WithLogger(kgo.BasicLogger(os.Stderr, kgo.LogLevelWarn, nil)),
		// A group without an offset begins with the first record. Otherwise it would miss the snapshot.
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		// An offset is committed after its record was handled. After a crash, records without a committed offset come again.
		kgo.DisableAutoCommit(),
		// With cdc:exactlyOnce, the topics also hold aborted records.
		kgo.FetchIsolationLevel(kgo.ReadCommitted()),
		kgo.BlockRebalanceOnPoll(),
		kgo.OnPartitionsAssigned(given),
		kgo.OnPartitionsRevoked(taken),
		kgo.OnPartitionsLost(taken),
	)...)
	if err != nil {
		return err
	}
	// Leaves the group, so that the next consumer need not wait until this one's session ends. The last poll still blocks a rebalance, and a
	// plain Close would wait for it for ever.
	defer client.CloseAllowingRebalance()
	go serveHealth(&assigned)

	for {
		fetches := client.PollFetches(stopping)
		if stopping.Err() != nil {
			return nil
		}
		for _, fetchError := range fetches.Errors() {
			// The topics may be made after this program has started.
			if !errors.Is(fetchError.Err, context.Canceled) {
				log.Printf("%s/%d: %v", fetchError.Topic, fetchError.Partition, fetchError.Err)
			}
		}
		for _, record := range fetches.Records() {
			if err := handle(record); err != nil {
				return err
			}
		}
		commit, done := context.WithTimeout(context.Background(), 5*time.Second)
		err := client.CommitUncommittedOffsets(commit)
		done()
		if err != nil {
			return fmt.Errorf("commit: %w", err)
		}
		client.AllowRebalance()
	}
}

// topics says what is read. The topics to which a connector's transforms send records exist from the first record on, so they are looked for.
func topics() []kgo.Opt {
	named, further := listed("KAFKA_TOPICS"), listed("KAFKA_FURTHER_TOPICS")
	if len(further) == 0 {
		return []kgo.Opt{kgo.ConsumeTopics(named...)}
	}
	// A pattern may match the topics of dead letters too, whose records have another form.
	letters := append(listed("KAFKA_DEAD_LETTER_TOPIC"), listed("KAFKA_RETRY_TOPIC")...)
	return []kgo.Opt{
		kgo.ConsumeRegex(),
		kgo.ConsumeTopics(exactly(append(named, further...))...),
		kgo.ConsumeExcludeTopics(exactly(letters)...),
		// By default it would look every five minutes.
		kgo.MetadataMinAge(time.Second),
		kgo.MetadataMaxAge(3 * time.Second),
	}
}

// listed are the words of a variable, which commas separate.
func listed(name string) []string {
	return strings.FieldsFunc(os.Getenv(name), func(letter rune) bool { return letter == ',' || letter == ' ' })
}

// exactly makes a regular expression of each topic's name, in which * stands for any characters.
func exactly(topics []string) []string {
	forms := make([]string, 0, len(topics))
	for _, topic := range topics {
		forms = append(forms, "^"+strings.ReplaceAll(regexp.QuoteMeta(topic), `\*`, ".*")+"$")
	}
	return forms
}

func count(topics map[string][]int32) int64 {
	partitions := 0
	for _, of := range topics {
		partitions += len(of)
	}
	return int64(partitions)
}

// serveHealth answers 200 while this process has partitions to read.
func serveHealth(assigned *atomic.Int64) {
	http.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) {
		if assigned.Load() == 0 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	log.Fatal(http.ListenAndServe(":"+os.Getenv("HTTP_PORT"), nil))
}

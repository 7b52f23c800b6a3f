// Reads all topics with read_committed and prints a line of JSON a record. Not our code: kafkajs, and avsc or the registry's client.
// node read.mjs BROKERS PREFIX RECORDS AVRO_FOLDER [REGISTRY]
import { readFileSync } from 'node:fs'
import avro from 'avsc'
import kafkajs from 'kafkajs'
import lz4 from 'lz4js'
import { SchemaRegistry, SchemaType } from '@kafkajs/confluent-schema-registry'

const [brokers, prefix, records, folder, registryUrl] = process.argv.slice(2)
const { Kafka, CompressionTypes, CompressionCodecs } = kafkajs
CompressionCodecs[CompressionTypes.LZ4] = () => ({
  decompress: async (buffer) => Buffer.from(lz4.decompress(buffer))
})

// decimals are exact: unscaled integer with 18 decimals, kept as text
class Decimal extends avro.types.LogicalType {
  _fromValue (bytes) {
    const n = BigInt.asIntN(bytes.length * 8, BigInt('0x' + (bytes.toString('hex') || '0')))
    const digits = (n < 0n ? -n : n).toString().padStart(19, '0')
    return (n < 0n ? '-' : '') + digits.slice(0, -18) + '.' + digits.slice(-18)
  }
  _toValue () { throw new Error('this is a reader') }
}
const logicalTypes = { decimal: Decimal }

const schemas = {
  activity: 'UsageActivity',
  points: 'UsagePoint',
  entities: 'Entity',
  progress: 'Progress',
  periods: 'Period',
  quarantine: 'Quarantine'
}
const types = Object.fromEntries(Object.entries(schemas).map(([topic, name]) =>
  [prefix + '.' + topic, avro.Type.forSchema(JSON.parse(readFileSync(`${folder}/${name}.avsc`)), { logicalTypes })]))
const registry = registryUrl && new SchemaRegistry({ host: registryUrl }, { [SchemaType.AVRO]: { logicalTypes } })

const decode = async (topic, value) => {
  if (registry) {
    return registry.decode(value)
  }
  if (value[0] !== 0xc3 || value[1] !== 0x01) {
    throw new Error('not in single-object encoding')
  }
  return types[topic].fromBuffer(value.subarray(10))
}

const kafka = new Kafka({ brokers: brokers.split(','), logLevel: 1 })
const consumer = kafka.consumer({ groupId: 'foreign-' + Date.now(), readUncommitted: false })
let left = Number(records)
await consumer.connect()
await consumer.subscribe({ topics: Object.keys(types), fromBeginning: true })
await consumer.run({
  eachMessage: async ({ topic, message }) => {
    try {
      const record = await decode(topic, message.value)
      const headers = Object.fromEntries(Object.entries(message.headers).map(([k, v]) => [k, v.toString()]))
      console.log(JSON.stringify({ topic: topic.slice(prefix.length + 1), key: message.key.toString(), headers, record },
        (_, value) => typeof value === 'bigint' ? value.toString() : value))
    } catch (e) {
      console.error(topic, e)
      process.exit(1)
    }
    if (--left === 0) {
      // whatever else there is, aborted records above all, would come now
      setTimeout(() => consumer.disconnect().then(() => process.exit(0)), 2000)
    }
  }
})
setTimeout(() => { console.error(`${left} records did not come`); process.exit(2) }, 60_000)

/** Reads the weights of an ONNX file: only named float32 tensors, without a protobuf library. */

/** A tensor in row-major order. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Fields of the messages on the way: ModelProto.graph, GraphProto.initializer, TensorProto.dims, .data_type, .name, .raw_data. */
const GRAPH = 7;
const INITIALIZER = 5;
const [DIMS, DATA_TYPE, NAME, RAW_DATA] = [1, 2, 8, 9];
const FLOAT = 1;

type Field = { readonly number: number } & (
  | { readonly wire: 'varint'; readonly value: number }
  | { readonly wire: 'bytes'; readonly value: Uint8Array }
);

/**
 * The initialisers by name.
 * @source onnx.proto3, ONNX 1.x; protobuf encoding of wire types 0, 1, 2 and 5.
 */
export function readWeights(file: Uint8Array): ReadonlyMap<string, Tensor> {
  const graph = fieldsOf(file).find((field) => field.number === GRAPH);
  if (graph?.wire !== 'bytes') throw new Error('the file has no graph: is it ONNX?');
  const tensors = fieldsOf(graph.value).filter((field) => field.number === INITIALIZER);
  return new Map(tensors.flatMap((field) => (field.wire === 'bytes' ? [tensorOf(field.value)] : [])));
}

function tensorOf(message: Uint8Array): readonly [string, Tensor] {
  const fields = fieldsOf(message);
  const bytes = (number: number) => fields.find((field) => field.number === number && field.wire === 'bytes')?.value;
  const shape = fields.filter((field) => field.number === DIMS).flatMap(dimsOf);
  const type = fields.find((field) => field.number === DATA_TYPE)?.value;
  const [name, raw] = [bytes(NAME), bytes(RAW_DATA)];
  if (type !== FLOAT || !(name instanceof Uint8Array) || !(raw instanceof Uint8Array)) {
    throw new Error('a tensor is not float32 with raw data');
  }
  // Copied, since it need not be aligned in the file; slice of a Buffer would not copy.
  return [new TextDecoder().decode(name), { shape, values: new Float32Array(Uint8Array.from(raw).buffer) }];
}

/** One dimension, or several packed. */
function dimsOf(field: Field): readonly number[] {
  if (field.wire === 'varint') return [field.value];
  const dims: number[] = [];
  for (let at = 0; at < field.value.length; ) {
    const [value, next] = varint(field.value, at);
    dims.push(value);
    at = next;
  }
  return dims;
}

function fieldsOf(message: Uint8Array): readonly Field[] {
  const fields: Field[] = [];
  for (let at = 0; at < message.length; ) {
    const [tag, start] = varint(message, at);
    const number = tag >>> 3;
    switch (tag & 7) {
      case 0: {
        const [value, end] = varint(message, start);
        fields.push({ number, wire: 'varint', value });
        at = end;
        break;
      }
      case 1:
        at = start + 8;
        break;
      case 2: {
        const [length, from] = varint(message, start);
        fields.push({ number, wire: 'bytes', value: message.subarray(from, from + length) });
        at = from + length;
        break;
      }
      case 5:
        at = start + 4;
        break;
      default:
        throw new Error(`field ${number} has a wire type that protobuf has given up`);
    }
  }
  return fields;
}

/** The number at a place and where it ends; exact below 2^53. */
function varint(bytes: Uint8Array, from: number): readonly [number, number] {
  let value = 0;
  let scale = 1;
  for (let at = from; ; at++) {
    const byte = bytes[at];
    if (byte === undefined) throw new Error('the file ends within a number');
    value += (byte & 127) * scale;
    if (byte < 128) return [value, at + 1];
    scale *= 128;
  }
}

/** Enums of the API: upper-case names with a description each; the values are the domain's own words. */
import { registerEnumType } from 'type-graphql';

/** Registers an enum whose values are spelled as in the domain. `Value` makes the list of descriptions exhaustive. */
export function defineEnum<Value extends string>(
  name: string,
  description: string,
  values: Readonly<Record<Value, string>>,
): Readonly<Record<Value, Value>> {
  const words = Object.keys(values) as Value[];
  const members = Object.fromEntries(words.map((word) => [word.toUpperCase(), word]));
  const valuesConfig = Object.fromEntries(words.map((word) => [word.toUpperCase(), { description: values[word] }]));
  registerEnumType(members, { name, description, valuesConfig });
  return members as Readonly<Record<Value, Value>>;
}

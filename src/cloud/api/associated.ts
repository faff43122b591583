/**
 * GUESS (docs/local-eas.md): no field for `create -r` is documented (eascmd.md section 6, 4). A parameter that the
 * service doesn't know is ignored there, and the create then fails because the name exists: nothing wrong is made.
 */
export function associatedQuery(isAssociated: boolean | undefined): { BlueGreen?: boolean } {
  return isAssociated ? { BlueGreen: true } : {};
}

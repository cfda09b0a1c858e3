/** `GATEWAYS.CREATE_CREDENTIAL` as `gateways: create credential`. */
export function actionWords(type: string): string {
  const [group = '', action = ''] = type.toLowerCase().replaceAll('_', ' ').split('.');
  return action === '' ? group : `${group}: ${action}`;
}
